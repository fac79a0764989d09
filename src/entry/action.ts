// The GitHub Action: reads inputs, writes annotations, outputs and the job summary.
import * as core from '@actions/core'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { UserError } from '../model/errors.js'
import { isLive, type AnyReport } from '../report/run-report.js'
import type { Report } from '../report/check-report.js'
import { createForge } from '../adapters/github/forge.js'
import { systemClock } from '../adapters/host/clock.js'
import { ALL_DSNS, dsnsOf, linesOf, rootCertificateOf } from '../adapters/host/dsns.js'
import { createFiles } from '../adapters/host/files.js'
import { silentProgress } from '../adapters/host/progress.js'
import { redact, secretsIn, type Secrets } from '../adapters/host/secrets.js'
import { watchSignals } from '../adapters/host/signals.js'
import { describeTerminal } from '../adapters/host/terminal.js'
import type { Forge } from '../ports/forge.js'
import { fence } from '../render/markdown/escape.js'
import { renderLiveSummary } from '../render/markdown/run-summary.js'
import { renderOutputs } from '../render/outputs.js'
import { renderSummary } from '../render/markdown/check-summary.js'
import { describeFailure, type Failure } from './failure.js'
import { COMMENT, weakIn } from './options/commands.js'
import { commentOnMerged, keepDriftIssue, withDeployment, type GithubContext } from './action/deploy-news.js'
import { post, runComment } from './action/comment-run.js'
import { thisRun } from './action/event.js'
import type { ActionOptionName } from './options/action.js'
import type { OptionName } from './options/all.js'
import { gracePeriodFor } from './cli/grace-period.js'
import { showReport, showText, withoutHidden, writeOutputs, type Public } from './publish.js'
import { readFlag } from './options/read-value.js'
import { readOptions, type Options } from './options/read-options.js'
import { renderReport } from './render-report.js'
import { run } from './run.js'
import { TOOL } from './program.js'

/** A runner gives a cancelled step 7.5 seconds before it kills it (docs: workflow cancellation). */
const GRACE_PERIOD_MS = 7_000

/** The runner keeps an input's hyphens in the name of its variable (actions/toolkit, core.ts does the same). */
const input = (name: OptionName | ActionOptionName): string => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()

const exitCode = await main()
process.stdout.write('', () => process.exit(exitCode))

async function main(): Promise<number> {
  const secrets = hideSecrets([input('server'), ...linesOf(process.env[ALL_DSNS])])
  if (input('token') !== '') core.setSecret(input('token'))
  const to: Public = { surface: 'log', colour: false, secrets }
  try {
    const naming = (name: string): string => `the input ${name}`
    Object.assign(process.env, dsnsOf(process.env), rootCertificateOf(process.env))
    if (input('command') === COMMENT.name) return await comment(to)
    return await act(readOptions(input, naming), to)
  } catch (error) {
    const failure = describeFailure(error)
    annotate(failure, secrets)
    core.setOutput('exit-code', String(failure.exitCode))
    const words = fence(failure.lines.join('\n'), 'text')
    await summarise(['### pg-migration-gate could not judge', '', ...words, ''].join('\n'), secrets)
    return failure.exitCode
  }
}

async function act({ request, show }: Options, to: Public): Promise<number> {
  const print = (text: string): boolean => process.stdout.write(text)
  const log = (text: string): boolean => print(`${showText(text, to)}\n`)
  const { signal, stop } = watchSignals({ ...gracePeriodFor(request, GRACE_PERIOD_MS), log })
  try {
    const flag = (name: ActionOptionName): boolean =>
      readFlag({ text: input(name), default: false, name: `the input ${name}` })
    const wantsComment = flag('comment')
    const wantsIssue = flag('issue')
    const forge = forgeWith(signal)
    const github: GithubContext | undefined = forge && {
      forge,
      environment: process.env,
      run: thisRun(process.env),
      log: (text) => void log(text),
    }
    const running = async (): Promise<AnyReport> =>
      withoutHidden(await run({ request, signal, progress: silentProgress, log, forge }), to.secrets)
    const report = await (github !== undefined && flag('deployment')
      ? withDeployment(request, github, running)
      : running())
    const { colour } = describeTerminal({ stream: {}, environment: process.env, wanted: show.colour })
    const look = { width: undefined, colour, verbosity: show.verbosity }
    print(showReport({ report, format: show.format, look, to: { ...to, colour } }))
    if (show.format !== 'annotations') print(showReport({ report, format: 'annotations', look, to }))
    const files = createFiles(process.cwd())
    const file = await writeReport(report)
    for (const [name, value] of Object.entries(renderOutputs(report, file))) core.setOutput(name, value)
    await summarise(isLive(report) ? renderLiveSummary(report) : renderSummary(report), to.secrets)
    await writeOutputs({ report, ...show, files, secrets: to.secrets }).catch((error: unknown) => {
      // An unwritten file does not change the outcome on live databases.
      if (!isLive(report)) throw error
      log(describeFailure(error).lines.join('\n'))
    })
    if (!isLive(report) && wantsComment) await commentOn(report, forge, log)
    if (isLive(report) && github !== undefined) {
      const about = { report, key: keyOfComment(), github }
      const url = wantsIssue ? await keepDriftIssue(about) : wantsComment ? await commentOnMerged(about) : undefined
      core.setOutput('comment', url ?? '')
    }
    return report.exitCode
  } finally {
    stop()
  }
}

/** Undefined without a token, or outside of GitHub. */
function forgeWith(signal: AbortSignal): Forge | undefined {
  const token = input('token')
  const repository = process.env['GITHUB_REPOSITORY'] ?? ''
  return token === '' || repository === ''
    ? undefined
    : createForge({ token, repository, apiUrl: process.env['GITHUB_API_URL'], clock: systemClock, signal, tool: TOOL })
}

function keyOfComment(): string {
  return input('key') || `${process.env['GITHUB_WORKFLOW'] ?? ''} ${process.env['GITHUB_JOB'] ?? ''} ${input('config')}`
}

/** Writes the comment from this job. The verdict does not depend on success. */
async function commentOn(report: Report, forge: Forge | undefined, log: (text: string) => void): Promise<void> {
  const pull = report.change?.pull
  if (pull === undefined) return
  if (forge === undefined) {
    log('No comment was written: the input token is empty.')
    return
  }
  const { url, why } = await post({
    report,
    pull,
    target: { ...thisRun(process.env), commit: report.change?.head ?? '' },
    key: keyOfComment(),
    forge,
  })
  core.setOutput('comment', url ?? '')
  if (why !== undefined) log(`No comment was written: ${why}.`)
}

/** Reads and runs nothing of the repository. */
async function comment(to: Public): Promise<number> {
  const { signal, stop } = watchSignals({
    gracePeriodMs: GRACE_PERIOD_MS,
    words: 'Stopping.',
    log: (text) => void process.stdout.write(`${showText(text, to)}\n`),
  })
  try {
    const forge = forgeWith(signal)
    if (forge === undefined) {
      const fix = 'Do not set the input token, and give the job the permission pull-requests: write.'
      throw new UserError({ kind: 'use', what: 'the command comment needs a token', fix })
    }
    const { url, why } = await runComment({
      file: input('report'),
      key: keyOfComment(),
      forge,
      environment: process.env,
    })
    core.setOutput('comment', url ?? '')
    core.setOutput('exit-code', '0')
    process.stdout.write(
      `${showText(why === undefined ? `Comment: ${url ?? ''}` : `No comment was written: ${why}.`, to)}\n`,
    )
    return 0
  } finally {
    stop()
  }
}

/** Runs before the first line of the log, because a mask only covers later lines. */
function hideSecrets(servers: readonly string[]): Secrets {
  const secrets = secretsIn({ environment: process.env, servers, weak: weakIn(input('command')) })
  for (const secret of secrets.hide) core.setSecret(secret)
  if (secrets.weak) core.info('A server password is not masked, because it is too short or too common.')
  return secrets
}

/** Writes the full report as JSON into a new folder, because a job may use the action more than once. */
async function writeReport(report: AnyReport): Promise<string> {
  const folder = await mkdtemp(path.join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'pg-migration-gate-'))
  const file = path.join(folder, 'report.json')
  const text = renderReport(report, 'json', { width: undefined, colour: false, verbosity: 'normal' })
  await createFiles(folder).write(file, text)
  return file
}

/** Prints annotations for a run without a report. The runner shows ten of a kind. */
function annotate({ annotations }: Failure, secrets: Secrets): void {
  for (const { message, file, line, column } of annotations.slice(0, 10)) {
    core.error(showText(message, { surface: 'terminal', colour: false, secrets }), {
      title: 'pg-migration-gate',
      ...(file !== undefined && { file }),
      ...(line !== undefined && { startLine: line }),
      ...(column !== undefined && { startColumn: column }),
    })
  }
}

async function summarise(markdown: string, secrets: Secrets): Promise<void> {
  if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') === '') return
  await core.summary.addRaw(redact(markdown, secrets)).write()
}
