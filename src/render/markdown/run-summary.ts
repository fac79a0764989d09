// The job summary of a run on live databases: Markdown for the page of a workflow run.
import type { LiveReport, StepReport, TargetReport } from '../../report/run-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { afterParts, aheadParts } from './preview.js'
import { fit } from '../words/fit.js'
import { count, duration, moment } from '../words/format.js'
import { liveSentence, liveWord, nowAt, outcomePhrase, targetPhrase } from '../words/run.js'
import { code, fence, folded, prose, table } from './escape.js'
import { placeText } from '../words/place.js'
import { tell } from '../words/difference.js'
import { SUMMARY_LIMIT } from './check-summary.js'
import { shortened } from '../words/escape.js'

const SYMBOLS = { PASS: '✅', FAIL: '❌', ENVIRONMENT: '⚠️', STOPPED: '❌', CANCELLED: '⚠️' } as const
const FIRST_STEPS = 500

/** What does not fit goes in this order: the lists of steps, then all but heading and table. */
export function renderLiveSummary(given: LiveReport, limit: number = SUMMARY_LIMIT): string {
  const report = reportWithoutSecrets(given)
  const page = (parts: readonly string[]): string => [...head(report), ...parts, foot(report), ''].join('\n')
  const troubles = report.targets.flatMap(troubleOf)
  return fit(limit, [
    () => page([...aheadParts(report), ...troubles, ...afterParts(report), ...report.targets.flatMap(stepsOf)]),
    () => page([...aheadParts(report), ...troubles, ...afterParts(report)]),
    () => page(troubles),
    () => page(['The JSON report holds all of it.', '']),
  ])
}

function head(report: LiveReport): readonly string[] {
  const word = liveWord(report)
  const rows = report.targets
    .slice(0, FIRST_STEPS)
    .map((target) => [
      code(shortened(target.name, 100)),
      prose(targetPhrase(target, report.command)),
      prose(nowAt(target)),
      prose(target.environment),
      duration(target.milliseconds),
    ])
  return [
    `## ${SYMBOLS[word]} ${word}: ${prose(shortened(liveSentence(report), 1_000))}`,
    '',
    ...table(['database', report.command, 'now', 'environment', 'time'], rows),
    '',
  ]
}

function troubleOf({ name, steps, stopped, standing, notes }: TargetReport): readonly string[] {
  const bad = steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const drift = standing?.drift ?? []
  return [
    ...bad.flatMap((step) => stepTrouble(name, step)),
    ...(stopped === undefined || stopped.kind === 'not started'
      ? []
      : [`**${code(name)}: ${prose(stopped.what)}**`, '', `Do: ${prose(stopped.fix)}`, '']),
    ...(drift.length === 0
      ? []
      : folded(
          `${count(drift.length)} differences between the live schema and the files`,
          drift.slice(0, FIRST_STEPS).map((one) => {
            const { change, parent, name: what } = tell(one)
            return `- ${prose([change, what, parent === undefined ? '' : `of ${parent}`].join(' '))}`
          }),
        )),
    ...(notes.length === 0 ? [] : [...notes.map((note) => `- ${code(name)}: ${prose(note)}`), '']),
  ]
}

function stepTrouble(name: string, step: StepReport): readonly string[] {
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
    ...step.left.map((text) => `- left: ${prose(text)}`),
    ...(step.left.length > 0 ? [''] : []),
    ...(step.fix === undefined ? [] : [`Do: ${prose(step.fix)}`, '']),
  ]
}

function stepsOf({ name, steps }: TargetReport): readonly string[] {
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
  [`${report.tool.name} ${report.tool.version}`, duration(report.milliseconds), moment(report.started)]
    .map(prose)
    .join(' · ')
