// A comment that is to be written on a pull request, and what came of it.

/** Bytes of our text. GitHub takes 65,536 characters; some of them are for what the comment remembers. */
export const COMMENT_LIMIT = 50_000

/**
 * `key` tells comments of one pull request apart. `run` grows with every run. `render` is called with the bytes that may be
 * used and with what the last run left; its `state` is what the next one gets.
 */
export type Posting = Suggesting & {
  readonly run: number
  readonly render: (options: { readonly limit: number; readonly previous: string | undefined }) => {
    readonly body: string
    readonly state: string
  }
}

export type Posted =
  { readonly end: 'posted' | 'left alone'; readonly url: string } | { readonly end: 'not posted'; readonly why: string }

/** Changes of single lines that are suggested on the pull request; `commit` is its newest one. `body` is Markdown. */
export type Suggesting = {
  readonly pull: number
  readonly key: string
  readonly commit: string
  readonly suggestions: readonly { readonly file: string; readonly line: number; readonly body: string }[]
}
