// What a deploy reports to GitHub and reads from it, as plain data.
import type { CheckState } from './gate.js'

/**
 * `ref`: a branch, a tag or a commit. `state`: the current state of the deployment. `deployment`: the id of the
 * deployment that was created.
 */
export type DeploymentNews = {
  readonly environment: string
  readonly ref: string
  readonly production: boolean
  readonly state: 'in_progress' | 'success' | 'failure' | 'error'
  readonly description: string
  readonly url: string | undefined
  readonly deployment: number | undefined
}

/**
 * `why`: the reason why GitHub could not be updated, as a sentence. `deployment` is set if it was created all the same.
 */
export type DeploymentResult =
  | { readonly deployment: number; readonly why?: undefined }
  | { readonly deployment: number | undefined; readonly why: string }

/** One issue for each key: open with this text, or closed with `body` as the last comment. */
export type IssueNews = {
  readonly key: string
  readonly title: string
  readonly body: string
  readonly open: boolean
}

export type IssueResult = { readonly url: string | undefined; readonly why?: string }

export type CheckResult = Omit<CheckState, 'name'>
