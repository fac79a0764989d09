// The working tree and the commits behind it.
import type { SourceFile } from '../model/source.js'

/** Paths are from the repository root (or absolute for what the user named outside of it), with `/`. */
export interface Files {
  /** What stands at a path, links followed: undefined for nothing at all. Never rejects. */
  readonly kind: (path: string) => Promise<'file' | 'folder' | 'other' | undefined>
  /** Every file below the folder, sorted by path in byte order; undefined when there is no such folder. No link out of the root is followed. */
  readonly tree: (folder: string) => Promise<readonly string[] | undefined>
  /** Links below the folder that lead to a folder out of the root, sorted like `tree`, which does not list them. */
  readonly linked: (folder: string) => Promise<readonly string[]>
  /** Never rejects: what cannot be read says so in `unreadable`. `name` is relative to `folder`. */
  readonly read: (path: string, folder: string) => Promise<SourceFile>
  readonly write: (path: string, text: string) => Promise<void>
  /** As `write`, but rejects with a UserError when something stands there already. */
  readonly create: (path: string, text: string) => Promise<void>
}

/** The history of the files: commits are 40 (or 64) hexadecimal digits. Nothing but `at` rejects; what is not there is undefined. */
export interface Repository {
  /** Why there is no repository to ask, in git's words; undefined where there is one. */
  readonly trouble: () => Promise<string | undefined>
  /** The commit behind a branch, a tag or a commit's own name. */
  readonly commit: (name: string) => Promise<string | undefined>
  /** Also of a commit whose parents were not fetched. */
  readonly parents: (commit: string) => Promise<readonly string[]>
  /** Fetches one commit or branch of `origin`, without its history. Gives git's own reason why not, for people. */
  readonly fetchCommit: (name: string) => Promise<string | undefined>
  /** The merge base, for which a shallow clone is deepened step by step. */
  readonly fetchMergeBase: (a: string, b: string) => Promise<string | undefined>
  /** The newest tag behind HEAD that matches a pattern as `git describe --match` reads it. */
  readonly newestTag: (pattern: string) => Promise<{ readonly name: string; readonly commit: string } | undefined>
  readonly at: (commit: string) => CommitFiles
}

/**
 * The files of a commit, by the same paths as those of the working tree; rejects with a UserError when git fails. `likely` is
 * what may be the same file: it is given back where it is, and nothing is read.
 */
export type CommitFiles = Pick<Files, 'tree'> & {
  readonly read: (path: string, folder: string, likely?: SourceFile) => Promise<SourceFile>
}
