// Publishes a run on live databases to GitHub: the deployment, the comment on the merged pull request, the drift issue.
import type { Request } from '../../requests/request.js'
import type { DeploymentNews, DeploymentResult } from '../../release/deployment.js'
import { isLive, isRefusedReport, type AnyReport, type LiveReport } from '../../report/run-report.js'
import { COMMENT_LIMIT } from '../../report/posting.js'
import type { Forge } from '../../ports/forge.js'
import { renderLiveSummary } from '../../render/markdown/run-summary.js'
import { runSentence } from '../../render/words/run.js'

/** The run on GitHub, with a callback for messages about what could not be published. */
export type GithubContext = {
  readonly forge: Forge
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly run: { readonly run: number; readonly url: string | undefined }
  readonly log: (text: string) => void
}

export type News = { readonly report: LiveReport; readonly key: string; readonly github: GithubContext }

/** Runs inside a GitHub deployment, if the command deploys. Errors of GitHub never change the outcome. */
export async function withDeployment(
  request: Request,
  github: GithubContext,
  body: () => Promise<AnyReport>,
): Promise<AnyReport> {
  if ((request.command !== 'deploy' && request.command !== 'rollback') || request.environment === undefined)
    return body()
  const name = request.environment
  const { forge, environment, run, log } = github
  const tell = (state: DeploymentNews['state'], description: string, deployment?: number): Promise<DeploymentResult> =>
    forge.deployed({ ...about(name, environment), state, description, url: run.url, deployment })
  const { deployment, why } = await tell('in_progress', 'Migrations are being deployed.')
  if (deployment === undefined) {
    log(`No deployment was created on GitHub: ${why}.`)
    return body()
  }
  let report: AnyReport | undefined
  try {
    report = await body()
    return report
  } finally {
    const [state, words] = endOf(report)
    const end = await tell(state, words, deployment)
    if (end.why !== undefined) log(`The state of the deployment was not updated on GitHub: ${end.why}.`)
  }
}

/** A refusal is not a failure of the deployment. */
function endOf(report: AnyReport | undefined): readonly [DeploymentNews['state'], string] {
  if (report === undefined || !isLive(report)) return ['error', 'The run did not finish.']
  const state = report.verdict === 'pass' ? 'success' : isRefusedReport(report) ? 'error' : 'failure'
  return [state, runSentence(report)]
}

const about = (name: string, environment: GithubContext['environment']) => ({
  environment: name,
  ref: environment['GITHUB_SHA'] ?? '',
  production: name === 'production',
})

/** Comments on the merged pull request of the commit with the result of the deploy. Resolves with the URL of the comment. */
export async function commentOnMerged({ report, key, github }: News): Promise<string | undefined> {
  const { forge, environment, run, log } = github
  const commit = environment['GITHUB_SHA'] ?? ''
  const pull = await forge.mergedPull({ commit })
  if (!pull.found) {
    log(`No comment was written: ${pull.why}.`)
    return undefined
  }
  const posted = await forge.post({
    pull: pull.number,
    key,
    run: run.run,
    commit,
    suggestions: [],
    render: ({ limit }) => ({ body: renderLiveSummary(report, Math.min(limit, COMMENT_LIMIT)), state: '' }),
  })
  if (posted.end !== 'not posted') return posted.url
  log(`No comment was written: ${posted.why}.`)
  return undefined
}

/** Keeps one issue open while the live schema differs from the migrations, and closes it afterwards. */
export async function keepDriftIssue({ report, key, github }: News): Promise<string | undefined> {
  const { forge, log } = github
  const unread = report.targets.some(({ standing }) => standing?.drift === undefined)
  const drifted = report.targets.filter(({ standing }) => (standing?.drift?.length ?? 0) > 0).map(({ name }) => name)
  // An incomplete comparison must not close the issue.
  if (unread && drifted.length === 0) return undefined
  const { url, why } = await forge.issue({
    key,
    open: drifted.length > 0,
    body: renderLiveSummary(report, COMMENT_LIMIT),
    title: `The live schema of ${drifted.join(', ')} differs from the migrations`,
  })
  if (why !== undefined) log(`The issue about drift was not updated: ${why}.`)
  return url
}
