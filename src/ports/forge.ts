// The place where pull requests live.
import type { DeploymentNews, DeploymentResult, IssueNews, IssueResult, CheckResult } from '../release/deployment.js'
import type { Posted, Posting } from '../report/posting.js'
import type { OpenPulls, PullNumber, PullState } from '../model/change.js'

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
  /** The newest check run of that name on a commit, or else the commit status. */
  readonly checkOf: (about: { readonly commit: string; readonly name: string }) => Promise<CheckResult>
  /** Begins a deployment, or says how one that was begun stands. */
  readonly deployed: (news: DeploymentNews) => Promise<DeploymentResult>
  /** The merged pull request that a commit of its base branch came from. */
  readonly mergedPull: (about: { readonly commit: string }) => Promise<PullNumber>
  readonly issue: (news: IssueNews) => Promise<IssueResult>
}
