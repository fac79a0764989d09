// The report of a run on live databases for a terminal or a log.
import type { LiveReport, StepReport, TargetReport } from '../../report/run-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { aheadLines, checklistLines, refusedLines, seenLines, wayLines } from './preview.js'
import { counted, duration, moment } from '../words/format.js'
import { appliedPhrase, liveSentence, liveWord, nowAt, outcomePhrase, targetPhrase, withoutName } from '../words/run.js'
import { placeText } from '../words/place.js'
import { differenceLines } from './difference.js'
import { detailLines, excerpt, stateOf } from './failure.js'
import { columns, cut, indent, inkOf, wrap, type Ink } from './layout.js'
import type { TextOptions } from './check.js'
import { oneLine, withoutCommands } from '../words/escape.js'

/** So many of the newest applied migrations are told by `status`; --verbose tells all. */
const NEWEST = 5

type Options = { readonly ink: Ink; readonly width: number; readonly verbosity: TextOptions['verbosity'] }

/** Ends with a line feed; the last line starts with `PASS`, `FAIL`, `ENVIRONMENT`, `STOPPED` or `CANCELLED`. */
export function renderLiveText(given: LiveReport, options: TextOptions): string {
  const report = reportWithoutSecrets(given)
  const how: Options = { ink: inkOf(options.colour), width: Math.max(40, options.width), verbosity: options.verbosity }
  const body = report.targets.flatMap((target) => targetLines(target, report, how))
  const around = [...refusedLines(report, how), ...wayLines(report, how)]
  const lines =
    options.verbosity === 'quiet'
      ? [...body, ...around]
      : [
          '',
          ...tableLines(report, how),
          '',
          ...aheadLines(report, how),
          ...seenLines(report, how),
          ...checklistLines(report, how),
          ...body,
          ...(body.length > 0 && body.at(-1) !== '' ? [''] : []),
          ...around,
        ]
  return withoutCommands(`${[...lines, verdictLine(report, how)].join('\n')}\n`)
}

/** What is too long for its line goes on in the next one, in its own column. */
function tableLines(report: LiveReport, { ink, width }: Options): readonly string[] {
  const room = Math.max(30, width - 60)
  const rows = report.targets.flatMap((target) => {
    const [first = '', ...rest] = wrap(targetPhrase(target, report.command), room)
    return [
      [
        ink.bold(cut(oneLine(target.name), 40)),
        first,
        nowAt(target),
        oneLine(target.history?.kind ?? ''),
        ink.dim(duration(target.milliseconds)),
      ],
      ...rest.map((words) => ['', words, '', '', '']),
    ]
  })
  return indent(2, columns(rows, [4]))
}

function targetLines(target: TargetReport, report: LiveReport, how: Options): readonly string[] {
  const { verbosity } = how
  const troubled = target.steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const stopped = target.stopped === undefined || target.stopped.kind === 'not started' ? undefined : target.stopped
  return [
    ...(verbosity === 'verbose' ? stepLines(target, how) : []),
    ...(report.command === 'status' && verbosity !== 'quiet' ? appliedLines(target, how) : []),
    ...troubled.flatMap((step) => troubleLines(target, step, how)),
    ...(stopped === undefined
      ? []
      : problemLines(`${target.name}: ${withoutName(stopped.what, target.name)}`, stopped.fix, how)),
    ...(verbosity === 'quiet' ? [] : driftLines(target, how)),
    ...(verbosity === 'quiet'
      ? []
      : target.notes.flatMap((note) => wrap(`note  ${oneLine(`${target.name}: ${note}`)}`, how.width))),
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

function appliedLines(
  { name, standing, place, environment }: TargetReport,
  { ink, verbosity }: Options,
): readonly string[] {
  if (standing === undefined) return []
  const shown = verbosity === 'verbose' ? standing.applied : standing.applied.slice(-NEWEST)
  const more = standing.applied.length - shown.length
  const rows = [
    ...shown.map((one) => [
      oneLine(one.id),
      one.recorded ? 'baselined' : 'applied',
      ink.dim(appliedPhrase(one, moment)),
    ]),
    ...standing.late.map((id) => [oneLine(id), ink.red('late'), '']),
    ...standing.pending.map((id) => [oneLine(id), ink.yellow('pending'), '']),
  ]
  return [
    `${ink.bold(oneLine(name))}  ${ink.dim(oneLine([place, environment].filter((one) => one !== undefined).join(', ')))}`,
    ...(more > 0 ? indent(2, [ink.dim(`${counted(more, 'earlier one')} applied (--verbose shows all)`)]) : []),
    ...indent(2, columns(rows)),
    '',
  ]
}

function troubleLines(target: TargetReport, step: StepReport, how: Options): readonly string[] {
  const { ink, width } = how
  const { failure } = step
  const about = oneLine(`${target.name} ${step.id}: ${step.direction} ${outcomePhrase(step)}`)
  const said =
    failure === undefined
      ? []
      : [
          `${oneLine(failure.message)}${stateOf(failure)}`,
          ...detailLines(failure.detail),
          ...(failure.hint === undefined ? [] : [`hint: ${oneLine(failure.hint)}`]),
          ...(failure.place === undefined ? [] : [ink.dim(placeText(failure.place))]),
        ]
  return [
    ...wrap(`${ink.red(ink.bold('error'))}  ${about}`, width),
    ...indent(7, [
      ...said.flatMap((text) => wrap(text, width - 7)),
      ...(failure === undefined ? [] : excerpt(failure, { ink, width: width - 7, known: failure.place })),
      ...step.left.flatMap((text) => wrap(`left: ${oneLine(text)}`, width - 7)),
      ...(step.fix === undefined ? [] : wrap(`do: ${oneLine(step.fix)}`, width - 7)),
    ]),
    '',
  ]
}

const problemLines = (what: string, fix: string, { ink, width, verbosity }: Options): readonly string[] => [
  ...wrap(`${ink.red(ink.bold('error'))}  ${oneLine(what)}`, width),
  ...(verbosity === 'quiet' ? [] : [...indent(7, wrap(`do: ${oneLine(fix)}`, width - 7)), '']),
]

function driftLines({ name, standing }: TargetReport, { ink, width, verbosity }: Options): readonly string[] {
  const differences = standing?.drift ?? []
  if (differences.length === 0) return []
  const all = verbosity === 'verbose'
  const limits = { differences: all ? Infinity : 20, lines: all ? Infinity : 12 }
  return [
    `${ink.bold(oneLine(name))}  the live schema is another one than the files make`,
    ...indent(
      2,
      differenceLines({ against: 'what the files make', differences }, { ink, width: width - 2, ...limits }),
    ),
    '',
  ]
}

function verdictLine(report: LiveReport, { ink }: Options): string {
  const word = liveWord(report)
  const colour = word === 'PASS' ? ink.green : ink.red
  return `${colour(ink.bold(word))}  ${oneLine(liveSentence(report))}   ${ink.dim(duration(report.milliseconds))}`
}
