// The host of the pull requests.
import type { DeploymentNews, DeploymentResult, IssueNews, IssueResult, CheckResult } from '../release/deployment.js'
import type { Posted, Posting } from '../report/posting.js'
import type { OpenPulls, PullNumber, PullState } from '../model/change.js'

/** The host of the pull requests. Reports what it cannot see or do. Only a bug or a cancelled run rejects. */
export interface Forge {
  /** The open pull requests for a branch, without `except`. `notSeen` lists in sentences what was not read. */
  readonly openPulls: (about: { readonly branch: string; readonly except: number | undefined }) => Promise<OpenPulls>
  /** Writes the one comment of a key, unless a newer run has written it. */
  readonly post: (posting: Posting) => Promise<Posted>
  readonly pull: (about: { readonly number: number }) => Promise<PullState>
  /** The open pull request whose newest commit is this one, from any repository. */
  readonly pullOf: (about: {
    readonly owner: string
    readonly branch: string
    readonly commit: string
  }) => Promise<PullNumber>
  /** The newest check run of that name on a commit, or else the commit status. */
  readonly checkOf: (about: { readonly commit: string; readonly name: string }) => Promise<CheckResult>
  /** Begins a deployment, or sets the state of one. */
  readonly deployed: (news: DeploymentNews) => Promise<DeploymentResult>
  /** The merged pull request that a commit of its base branch came from. */
  readonly mergedPull: (about: { readonly commit: string }) => Promise<PullNumber>
  readonly issue: (news: IssueNews) => Promise<IssueResult>
}
