// What a deploy tells and asks the place where the code lives, as plain data.
import type { CheckState } from './gate.js'

/** `ref`: a branch, a tag or a commit. `state` is that of the deployment now; `deployment` the one that was begun. */
export type DeploymentNews = {
  readonly environment: string
  readonly ref: string
  readonly production: boolean
  readonly state: 'in_progress' | 'success' | 'failure' | 'error'
  readonly description: string
  readonly url: string | undefined
  readonly deployment: number | undefined
}

/** `why`: it could not be told, in a sentence; with the `deployment` where it was begun all the same. */
export type DeploymentResult =
  | { readonly deployment: number; readonly why?: undefined }
  | { readonly deployment: number | undefined; readonly why: string }

/** One issue for each key: open with this text, or closed. `body` is then what the last comment says. */
export type IssueNews = {
  readonly key: string
  readonly title: string
  readonly body: string
  readonly open: boolean
}

export type IssueResult = { readonly url: string | undefined; readonly why?: string }

export type CheckResult = Omit<CheckState, 'name'>
