// The place where pull requests live.
import type { Posted, Posting } from '../core/posting.js'
import type { OpenPulls, PullNumber, PullState } from '../core/pull.js'

/** The place where pull requests live. What could not be seen or done is said; only a bug or a cancelled run rejects. */
export interface Forge {
  /** Those that are open for a branch, but `except`. `notSeen` says in sentences what was not looked at. */
  readonly openPulls: (about: { readonly branch: string; readonly except: number | undefined }) => Promise<OpenPulls>
  /** Writes the one comment of a key, or leaves it alone when a newer run has written it. */
  readonly post: (posting: Posting) => Promise<Posted>
  readonly pull: (about: { readonly number: number }) => Promise<PullState>
  /** The open pull request whose newest commit is this one, from a branch of somebody's repository. */
  readonly pullOf: (about: {
    readonly owner: string
    readonly branch: string
    readonly commit: string
  }) => Promise<PullNumber>
}
