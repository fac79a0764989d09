// A comment for a pull request, and the result of writing it.

/** The maximum size of our text in bytes. GitHub accepts 65,536 characters; some are for the state of the comment. */
export const COMMENT_LIMIT = 50_000

/**
 * `key` distinguishes the comments of one pull request. `run` grows with every run. `render` gets the allowed bytes and
 * the state of the last run. Its `state` is for the next run.
 */
export type Posting = Suggesting & {
  readonly run: number
  readonly render: (options: { readonly limit: number; readonly previous: string | undefined }) => {
    readonly body: string
    readonly state: string
  }
}

export type Posted =
  | { readonly end: 'posted' | 'left alone'; readonly url: string }
  | { readonly end: 'not posted'; readonly why: string }

/** Changes of lines that are suggested on the pull request; `commit` is its newest one. `body` is Markdown. */
export type Suggesting = {
  readonly pull: number
  readonly key: string
  readonly commit: string
  readonly suggestions: readonly {
    readonly file: string
    readonly from?: number
    readonly line: number
    readonly body: string
  }[]
}
