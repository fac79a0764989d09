// The working tree, and the commits of its repository.
import type { SourceFile } from '../model/source.js'

/** Paths start at the repository root, with `/`. They are absolute for a path that the user named outside of it. */
export interface Files {
  /** The kind of a path, with links followed; undefined when it does not exist. Never rejects. */
  readonly kind: (path: string) => Promise<'file' | 'folder' | 'other' | undefined>
  /**
   * Every file below the folder, sorted by path in byte order. Undefined when there is no such folder. Follows no link
   * out of the root.
   */
  readonly tree: (folder: string) => Promise<readonly string[] | undefined>
  /** Links below the folder that lead to a folder out of the root, sorted like `tree`, which does not list them. */
  readonly linked: (folder: string) => Promise<readonly string[]>
  /** Never rejects: `unreadable` holds the reason for a file that cannot be read. `name` is relative to `folder`. */
  readonly read: (path: string, folder: string) => Promise<SourceFile>
  readonly write: (path: string, text: string) => Promise<void>
  /** As `write`, but rejects with a UserError when the path exists. */
  readonly create: (path: string, text: string) => Promise<void>
}

/**
 * The history of the files. A commit is 40 (or 64) hexadecimal digits. Only `at` rejects; a missing object is
 * undefined.
 */
export interface Repository {
  /** Git's reason why there is no repository; undefined when there is one. */
  readonly trouble: () => Promise<string | undefined>
  /** The commit of a branch, a tag or a commit's own name. */
  readonly commit: (name: string) => Promise<string | undefined>
  /** Works even when the parents are not fetched. */
  readonly parents: (commit: string) => Promise<readonly string[]>
  /**
   * Fetches one commit or branch of `origin`, without its history. Gives git's own reason for a failure, for people.
   */
  readonly fetchCommit: (name: string) => Promise<string | undefined>
  /** The merge base, as far as the commits are here: fetches nothing. */
  readonly mergeBase: (a: string, b: string) => Promise<string | undefined>
  /** The merge base. Deepens a shallow clone step by step to find it. */
  readonly fetchMergeBase: (a: string, b: string) => Promise<string | undefined>
  /** The newest tag reachable from HEAD that matches a pattern as `git describe --match` reads it. */
  readonly newestTag: (pattern: string) => Promise<{ readonly name: string; readonly commit: string } | undefined>
  readonly at: (commit: string) => CommitFiles
}

/**
 * The files of a commit, by the same paths as those of the working tree. Rejects with a UserError when git fails.
 * `likely` is a file that may be the same: if it is, `read` returns it and reads nothing.
 */
export type CommitFiles = Pick<Files, 'tree'> & {
  readonly read: (path: string, folder: string, likely?: SourceFile) => Promise<SourceFile>
}
