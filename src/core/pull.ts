// Another pull request that is open beside the one that is judged.

/** `path` is from the repository root; `from` where a renamed file stood before. */
export type PullFile = {
  readonly path: string
  readonly status: 'added' | 'modified' | 'removed' | 'renamed' | 'other'
  readonly from?: string
}

/** `author` is the account's name; it and `title` are text of somebody else. */
export type OpenPull = {
  readonly number: number
  readonly title: string
  readonly url: string
  readonly author: string
  readonly files: readonly PullFile[]
}
