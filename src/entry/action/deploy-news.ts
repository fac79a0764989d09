// What GitHub is told of a run in production: the deployment, the merged pull request, the issue about drift.
import type { Request } from '../../commands/shared/request.js'
import type { DeploymentNews, DeploymentResult } from '../../release/deployment.js'
import { isLive, isRefusedReport, type AnyReport, type LiveReport } from '../../report/run-report.js'
import { COMMENT_LIMIT } from '../../report/posting.js'
import type { Forge } from '../../ports/forge.js'
import { renderLiveSummary } from '../../render/markdown/run-summary.js'
import { liveSentence } from '../../render/words/run.js'

/** Where the run is, as GitHub says it. `told` gets a sentence for what could not be told there. */
export type Telling = {
  readonly forge: Forge
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly run: { readonly run: number; readonly url: string | undefined }
  readonly told: (text: string) => void
}

export type News = { readonly report: LiveReport; readonly key: string; readonly telling: Telling }

/** A run with a deployment around it, where the command is one that deploys. The run's end never depends on what GitHub says. */
export async function withDeployment(
  request: Request,
  telling: Telling,
  body: () => Promise<AnyReport>,
): Promise<AnyReport> {
  if ((request.command !== 'deploy' && request.command !== 'rollback') || request.environment === undefined)
    return body()
  const name = request.environment
  const { forge, environment, run, told } = telling
  const tell = (state: DeploymentNews['state'], description: string, deployment?: number): Promise<DeploymentResult> =>
    forge.deployed({ ...about(name, environment), state, description, url: run.url, deployment })
  const { deployment, why } = await tell('in_progress', 'Migrations are being deployed.')
  if (deployment === undefined) {
    told(`No deployment was begun on GitHub: ${why}.`)
    return body()
  }
  let report: AnyReport | undefined
  try {
    report = await body()
    return report
  } finally {
    const [state, words] = endOf(report)
    const end = await tell(state, words, deployment)
    if (end.why !== undefined) told(`GitHub was not told how the deployment ended: ${end.why}.`)
  }
}

/** A refusal is no failure of what is deployed there. */
function endOf(report: AnyReport | undefined): readonly [DeploymentNews['state'], string] {
  if (report === undefined || !isLive(report)) return ['error', 'The run came to no end.']
  const state = report.verdict === 'pass' ? 'success' : isRefusedReport(report) ? 'error' : 'failure'
  return [state, liveSentence(report)]
}

const about = (name: string, environment: Telling['environment']) => ({
  environment: name,
  ref: environment['GITHUB_SHA'] ?? '',
  production: name === 'production',
})

/** What was deployed where, on the pull request that brought the commit. Gives the comment's address. */
export async function commentOnMerged({ report, key, telling }: News): Promise<string | undefined> {
  const { forge, environment, run, told } = telling
  const commit = environment['GITHUB_SHA'] ?? ''
  const pull = await forge.mergedPull({ commit })
  if (!pull.found) {
    told(`No comment was written: ${pull.why}.`)
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
  told(`No comment was written: ${posted.why}.`)
  return undefined
}

/** One issue as long as the live schema is another one than the files make; closed when it is not any more. */
export async function keepDriftIssue({ report, key, telling }: News): Promise<string | undefined> {
  const { forge, told } = telling
  const unread = report.targets.some(({ standing }) => standing?.drift === undefined)
  const drifted = report.targets.filter(({ standing }) => (standing?.drift?.length ?? 0) > 0).map(({ name }) => name)
  // What could not be looked at is no reason to say that all is well.
  if (unread && drifted.length === 0) return undefined
  const { url, why } = await forge.issue({
    key,
    open: drifted.length > 0,
    body: renderLiveSummary(report, COMMENT_LIMIT),
    title: `The live schema of ${drifted.join(', ')} is not what the migrations make`,
  })
  if (why !== undefined) told(`The issue about drift was not kept: ${why}.`)
  return url
}
