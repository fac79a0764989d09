// A git repository in a folder of its own.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../adapters/host/folder.js'

type Files = Readonly<Record<string, string | undefined>>

export type Repo = {
  readonly path: string
  readonly git: (...words: readonly string[]) => string
  /** Writes files (undefined: deletes) and commits everything; gives the commit. */
  readonly commit: (files: Files, message?: string) => string
  readonly write: (files: Files) => void
  readonly remove: () => void
}

const NOBODY = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' }

/** No settings of this machine play a part. */
export const GIT_ENVIRONMENT = {
  ...process.env,
  ...NOBODY,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
}

export function makeRepo(files: Files = {}): Repo {
  const folder = makeFolder({})
  const repo = repoAt(folder.path, () => folder.remove())
  repo.git('init', '--quiet', '--initial-branch=main')
  if (Object.keys(files).length > 0) repo.commit(files)
  return repo
}

/** A clone over a URL, so that its depth counts. */
export function cloneOf(origin: Repo, words: readonly string[] = []): Repo {
  const folder = makeFolder({})
  const target = path.join(folder.path, 'clone')
  execFileSync('git', ['clone', '--quiet', ...words, `file://${origin.path}`, target], {
    env: GIT_ENVIRONMENT,
    stdio: 'pipe',
  })
  return repoAt(target, () => folder.remove())
}

function repoAt(root: string, remove: () => void): Repo {
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: root, env: GIT_ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' }).trim()
  const write = (files: Files): void => {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(root, name)
      if (text === undefined) rmSync(file)
      else {
        mkdirSync(path.dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
  }
  return {
    path: root,
    git,
    write,
    remove,
    commit: (files, message = 'change') => {
      write(files)
      git('add', '--all')
      git('commit', '--quiet', '--message', message)
      return git('rev-parse', 'HEAD')
    },
  }
}
