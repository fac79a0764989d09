// The report of a run on live databases for a terminal or a log.
import type { LiveReport, StepReport, TargetReport } from '../../report/run-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { previewLines, checklistLines, refusalLines, backupAndCheckLines, recoveryLines } from './preview.js'
import { counted, duration, placeText } from '../words/format.js'
import {
  appliedPhrase,
  runSentence,
  runVerdict,
  currentVersion,
  outcomePhrase,
  targetPhrase,
  withoutName,
} from '../words/run.js'
import { DRIFT_WORDS } from '../words/difference.js'
import { differenceLines } from './difference.js'
import { detailLines, excerpt, sqlstateSuffix } from './failure.js'
import { columns, cut, indent, inkOf, wrap, type Ink } from './layout.js'
import type { TextOptions } from './check.js'
import { oneLine, withoutCommands } from '../words/escape.js'

/** `status` shows this many of the newest applied migrations; --verbose shows all. */
const NEWEST = 5

type Options = { readonly ink: Ink; readonly width: number; readonly verbosity: TextOptions['verbosity'] }

/** Ends with a line feed; the last line starts with `PASS`, `FAIL`, `ENVIRONMENT`, `STOPPED` or `CANCELLED`. */
export function renderLiveText(given: LiveReport, { width, colour, verbosity }: TextOptions): string {
  const report = reportWithoutSecrets(given)
  const options: Options = { ink: inkOf(colour), width: Math.max(40, width), verbosity }
  const body = apart(report.targets.map((target) => targetLines(target, report, options)))
  const actions = [...refusalLines(report, options), ...recoveryLines(report, options)]
  const lines =
    options.verbosity === 'quiet'
      ? [...body, ...actions]
      : [
          '',
          ...tableLines(report, options),
          '',
          ...previewLines(report, options),
          ...backupAndCheckLines(report, options),
          ...checklistLines(report, options),
          ...body,
          ...(body.length > 0 && body.at(-1) !== '' ? [''] : []),
          ...actions,
        ]
  return withoutCommands(`${[...lines, verdictLine(report, options)].join('\n')}\n`)
}

/** An empty line before the next database, but none between notes. */
const apart = (blocks: readonly (readonly string[])[]): readonly string[] =>
  blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i, all) => {
      const next = all[i + 1]?.[0]
      const joined = next === undefined || lines.at(-1) === '' || next.startsWith('note  ')
      return joined ? lines : [...lines, '']
    })

/** A phrase that is too long for its line continues in the next one, in its own column. */
function tableLines(report: LiveReport, { ink, width }: Options): readonly string[] {
  const room = Math.max(30, width - 60)
  const rows = report.targets.flatMap((target) => {
    const [first = '', ...rest] = wrap(targetPhrase(target, report.command), room)
    return [
      [
        ink.bold(cut(oneLine(target.name), 40)),
        first,
        currentVersion(target),
        oneLine(target.history?.kind ?? ''),
        ink.dim(duration(target.milliseconds)),
      ],
      ...rest.map((words) => ['', words, '', '', '']),
    ]
  })
  return indent(2, columns(rows, [4]))
}

function targetLines(target: TargetReport, report: LiveReport, options: Options): readonly string[] {
  const { verbosity } = options
  const failed = target.steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const stopped = target.stopped === undefined || target.stopped.kind === 'not started' ? undefined : target.stopped
  return [
    ...(verbosity === 'verbose' ? stepLines(target, options) : []),
    ...(report.command === 'status' && verbosity !== 'quiet' ? statusLines(target, options) : []),
    ...failed.flatMap((step) => failedStepLines(target, step, options)),
    ...(stopped === undefined
      ? []
      : problemLines(`${target.name}: ${withoutName(stopped.what, target.name)}`, stopped.fix, options)),
    ...(verbosity === 'quiet' ? [] : driftLines(target, options)),
    ...(verbosity === 'quiet'
      ? []
      : target.notes.flatMap((note) => wrap(`note  ${oneLine(`${target.name}: ${note}`)}`, options.width))),
  ]
}

const stepLines = (target: TargetReport, { ink }: Options): readonly string[] =>
  target.steps.length === 0
    ? []
    : [
        ink.bold(oneLine(target.name)),
        ...indent(
          2,
          columns(
            target.steps.map((step) => [oneLine(step.id), outcomePhrase(step), ink.dim(duration(step.milliseconds))]),
            [2],
          ),
        ),
        '',
      ]

function statusLines(
  { name, standing, place, environment }: TargetReport,
  { ink, verbosity }: Options,
): readonly string[] {
  if (standing === undefined) return []
  const shown = verbosity === 'verbose' ? standing.applied : standing.applied.slice(-NEWEST)
  const more = standing.applied.length - shown.length
  const rows = [
    ...shown.map((one) => [oneLine(one.id), one.recorded ? 'baselined' : 'applied', ink.dim(appliedPhrase(one))]),
    ...standing.late.map((id) => [oneLine(id), ink.red('out of order'), '']),
    ...standing.pending.map((id) => [oneLine(id), ink.yellow('pending'), '']),
  ]
  return [
    `${ink.bold(oneLine(name))}  ${ink.dim(oneLine([place, environment].filter((one) => one !== undefined).join(', ')))}`,
    ...(more > 0 ? indent(2, [ink.dim(`${counted(more, 'earlier migration')} applied (--verbose shows all)`)]) : []),
    ...indent(2, columns(rows)),
    '',
  ]
}

function failedStepLines(target: TargetReport, step: StepReport, options: Options): readonly string[] {
  const { ink, width } = options
  const { failure } = step
  const about = oneLine(`${target.name} ${step.id}: ${step.direction} ${outcomePhrase(step)}`)
  const messages =
    failure === undefined
      ? []
      : [
          `${oneLine(failure.message)}${sqlstateSuffix(failure)}`,
          ...detailLines(failure.detail),
          ...(failure.hint === undefined ? [] : [`hint: ${oneLine(failure.hint)}`]),
          ...(failure.place === undefined ? [] : [ink.dim(placeText(failure.place))]),
        ]
  return [
    ...wrap(`${ink.red(ink.bold('error'))}  ${about}`, width),
    ...indent(7, [
      ...messages.flatMap((text) => wrap(text, width - 7)),
      ...(failure === undefined ? [] : excerpt(failure, { ink, width: width - 7, known: failure.place })),
      ...step.left.flatMap((text) => wrap(`state: ${oneLine(text)}`, width - 7)),
      ...(step.fix === undefined ? [] : wrap(`fix: ${oneLine(step.fix)}`, width - 7)),
    ]),
    '',
  ]
}

const problemLines = (what: string, fix: string, { ink, width, verbosity }: Options): readonly string[] => [
  ...wrap(`${ink.red(ink.bold('error'))}  ${oneLine(what)}`, width),
  ...(verbosity === 'quiet' ? [] : [...indent(7, wrap(`fix: ${oneLine(fix)}`, width - 7)), '']),
]

function driftLines({ name, standing }: TargetReport, { ink, width, verbosity }: Options): readonly string[] {
  const differences = standing?.drift ?? []
  if (differences.length === 0) return []
  const all = verbosity === 'verbose'
  const limits = { differences: all ? Infinity : 20, lines: all ? Infinity : 12 }
  return [
    `${ink.bold(oneLine(name))}  drift: the live schema differs from the migrations`,
    ...indent(
      2,
      differenceLines(
        { against: 'the migrations', differences },
        { ink, width: width - 2, words: DRIFT_WORDS, ...limits },
      ),
    ),
    '',
  ]
}

function verdictLine(report: LiveReport, { ink }: Options): string {
  const word = runVerdict(report)
  const colour = word === 'PASS' ? ink.green : ink.red
  return `${colour(ink.bold(word))}  ${oneLine(runSentence(report))}   ${ink.dim(duration(report.milliseconds))}`
}
