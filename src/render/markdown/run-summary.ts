// The job summary of a run on live databases: Markdown for the page of a workflow run.
import type { LiveReport, StepReport, TargetReport } from '../../report/run-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { resultMarkdown, previewMarkdown } from './preview.js'
import { firstThatFits } from './size-limit.js'
import { count, counted, duration, utcTime, placeText } from '../words/format.js'
import { runSentence, runVerdict, currentVersion, outcomePhrase, targetPhrase } from '../words/run.js'
import { code, fence, folded, prose, table } from './escape.js'
import { DRIFT_WORDS, showDifference } from '../words/difference.js'
import { SUMMARY_LIMIT } from './check-summary.js'
import { shortened } from '../words/escape.js'

const SYMBOLS = { PASS: '✅', FAIL: '❌', ENVIRONMENT: '⚠️', STOPPED: '❌', CANCELLED: '⚠️' } as const
const FIRST_STEPS = 500

/** A summary that is too long leaves out, in this order: the lists of steps, then all but heading, table and problems. */
export function renderLiveSummary(given: LiveReport, limit: number = SUMMARY_LIMIT): string {
  const report = reportWithoutSecrets(given)
  const page = (parts: readonly string[]): string => [...head(report), ...parts, foot(report), ''].join('\n')
  const troubles = report.targets.flatMap(problemMarkdown)
  return firstThatFits(limit, [
    () =>
      page([
        ...previewMarkdown(report),
        ...troubles,
        ...resultMarkdown(report),
        ...report.targets.flatMap(stepsMarkdown),
      ]),
    () => page([...previewMarkdown(report), ...troubles, ...resultMarkdown(report)]),
    () => page(troubles),
    () => page(['The JSON report has everything.', '']),
  ])
}

function head(report: LiveReport): readonly string[] {
  const word = runVerdict(report)
  const rows = report.targets
    .slice(0, FIRST_STEPS)
    .map((target) => [
      code(shortened(target.name, 100)),
      prose(targetPhrase(target, report.command)),
      prose(currentVersion(target)),
      prose(target.environment),
      duration(target.milliseconds),
    ])
  return [
    `## ${SYMBOLS[word]} ${word}: ${prose(shortened(runSentence(report), 1_000))}`,
    '',
    ...table(['database', report.command, 'now', 'environment', 'time'], rows),
    '',
  ]
}

function problemMarkdown({ name, steps, stopped, standing, notes }: TargetReport): readonly string[] {
  const bad = steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const drift = standing?.drift ?? []
  return [
    ...bad.flatMap((step) => failedStepMarkdown(name, step)),
    ...(stopped === undefined || stopped.kind === 'not started'
      ? []
      : [`**${code(name)}: ${prose(stopped.what)}**`, '', `Fix: ${prose(stopped.fix)}`, '']),
    ...(drift.length === 0
      ? []
      : folded(
          `Drift: ${counted(drift.length, 'difference')} between the live schema and the migrations`,
          drift.slice(0, FIRST_STEPS).map((one) => {
            const { change, parent, name: what } = showDifference(one)
            return `- ${prose(`${DRIFT_WORDS[change]}: ${what}${parent === undefined ? '' : ` of ${parent}`}`)}`
          }),
        )),
    ...(notes.length === 0 ? [] : [...notes.map((note) => `- ${code(name)}: ${prose(note)}`), '']),
  ]
}

function failedStepMarkdown(name: string, step: StepReport): readonly string[] {
  const { failure } = step
  return [
    `### ${code(name)} ${code(step.id)}: ${prose(`${step.direction} ${outcomePhrase(step)}`)}`,
    '',
    ...(failure === undefined
      ? []
      : [
          `${prose(failure.message)}${failure.sqlstate === '' ? '' : ` (SQLSTATE ${code(failure.sqlstate)})`}${failure.place === undefined ? '' : ` at ${code(placeText(failure.place))}`}`,
          '',
          ...(failure.hint === undefined ? [] : [prose(failure.hint), '']),
          ...(failure.line === undefined ? [] : [...fence(failure.line, 'sql'), '']),
        ]),
    ...step.left.map((text) => `- state: ${prose(text)}`),
    ...(step.left.length > 0 ? [''] : []),
    ...(step.fix === undefined ? [] : [`Fix: ${prose(step.fix)}`, '']),
  ]
}

function stepsMarkdown({ name, steps }: TargetReport): readonly string[] {
  if (steps.length === 0) return []
  const shown = steps.slice(0, FIRST_STEPS)
  return folded(`Steps of ${prose(name)}`, [
    ...table(
      ['migration', 'outcome', 'time'],
      shown.map((step) => [code(step.id), outcomePhrase(step), duration(step.milliseconds)]),
    ),
    ...(steps.length > shown.length ? ['', `and ${count(steps.length - shown.length)} more`] : []),
  ])
}

const foot = (report: LiveReport): string =>
  [`${report.tool.name} ${report.tool.version}`, duration(report.milliseconds), utcTime(report.started)]
    .map(prose)
    .join(' · ')
