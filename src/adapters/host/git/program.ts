// Runs git: without a shell, hooks, a pager or prompts.
import { execFile } from 'node:child_process'

/** The output of git, or its error: the first line without the prefix. `missing`: git is not installed. */
export type GitEnd =
  | { readonly end: 'done'; readonly output: Buffer }
  | { readonly end: 'failed' | 'missing'; readonly said: string }

export type Git = (words: readonly string[], input?: string) => Promise<GitEnd>

const MOST_BYTES = 1024 * 1024 * 1024

/** Switches off programs that the settings of a repository could make git run. */
const SAFE = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.ext.allow=never'].flatMap((setting) => [
  '-c',
  setting,
])

/** `root` is the folder that git works in. Never rejects. */
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
      // A program that ends early does not read the rest of its input.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input ?? '')
    })

const firstLine = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.replace(/^(?:fatal|error): /, '')
    .trim() ?? 'it gave no reason'
