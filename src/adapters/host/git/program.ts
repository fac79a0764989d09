// The git program: no shell, no hooks, no pager, nothing that asks.
import { execFile } from 'node:child_process'

/** What git wrote, or why it did not: its own first line, without its prefix. `missing`: there is no such program. */
export type GitEnd =
  { readonly end: 'done'; readonly output: Buffer } | { readonly end: 'failed' | 'missing'; readonly said: string }

export type Git = (words: readonly string[], input?: string) => Promise<GitEnd>

const MOST_BYTES = 1024 * 1024 * 1024

/** What a repository's own settings could make git run on the way, switched off. */
const SAFE = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.ext.allow=never'].flatMap((setting) => [
  '-c',
  setting,
])

/** `root` is the folder that it works in. Never rejects. */
export const createGit =
  ({ root, environment }: { root: string; environment: NodeJS.ProcessEnv }): Git =>
  (words, input) =>
    new Promise((resolve) => {
      const child = execFile(
        'git',
        [...SAFE, ...words],
        {
          cwd: root,
          env: { ...environment, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
          encoding: 'buffer',
          maxBuffer: MOST_BYTES,
        },
        (error, stdout, stderr) => {
          if (error === null) resolve({ end: 'done', output: stdout })
          else if (error.code === 'ENOENT') resolve({ end: 'missing', said: 'the program git is not installed' })
          else resolve({ end: 'failed', said: firstLine(stderr.toString('utf8')) })
        },
      )
      // A program that ends early does not read on.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input ?? '')
    })

const firstLine = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.replace(/^(?:fatal|error): /, '')
    .trim() ?? 'it gave no reason'
