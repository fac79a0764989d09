// Another pull request that is open beside the one that is judged.

/** `path` is from the repository root. */
export type PullFile = {
  readonly path: string
  readonly status: 'added' | 'modified' | 'removed' | 'renamed' | 'other'
}

/** `author` is the account's name; it and `title` are text of somebody else. */
export type OpenPull = {
  readonly number: number
  readonly title: string
  readonly url: string
  readonly author: string
  readonly files: readonly PullFile[]
}

/** `notSeen` says in sentences what was not looked at. */
export type OpenPulls = { readonly pulls: readonly OpenPull[]; readonly notSeen: readonly string[] }

/** `head` is its newest commit. */
export type PullState =
  { readonly found: true; readonly head: string } | { readonly found: false; readonly why: string }

/** The number of an open pull request. */
export type PullNumber =
  { readonly found: true; readonly number: number } | { readonly found: false; readonly why: string }
