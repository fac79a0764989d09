// Plan, approval, backups, checks after the run and recovery commands, for a terminal or a log.
import { FOR_PEOPLE } from '../../report/checklist.js'
import type { LiveReport, Observation, TargetReport } from '../../report/run-report.js'
import {
  previewRows,
  backupPhrase,
  downSourceDiff,
  previewSentences,
  RESULT_WORDS,
  planPhrase,
  addressPhrase,
  dryRunPhrase,
} from '../words/preview.js'
import { indent, padEnd, widthOf, wrap, type Ink } from './layout.js'
import { oneLine, visible } from '../words/escape.js'

type Options = { readonly ink: Ink; readonly width: number }

/** Of the difference between the down in the journal and the one in the file. */
const MOST_DIFF_LINES = 40

/**
 * The steps with their effects, data loss and size, and what could stop them; empty where there are none. Each step is a
 * paragraph: its texts are longer than a column of a terminal.
 */
export function previewLines(report: LiveReport, { ink, width }: Options): readonly string[] {
  const rows = previewRows(report)
  const { approval } = report
  const targets = report.targets.filter(({ ahead }) => ahead !== undefined)
  if (approval === undefined || rows.length === 0 || hasRun(report)) return []
  const indented = 4 + Math.max(...rows.map((row) => widthOf(row.number)))
  return [
    ink.bold(report.command === 'rollback' ? 'What it rolls back' : `Plan ${planPhrase(approval)}`),
    ...rows.flatMap((row) => {
      const { number, database, step, size, effects, dataLoss, losesData } = row
      const head = `${padEnd(number, indented - 4)}  ${database}  ${step}${size === '' ? '' : ` (${size})`}`
      const paint = losesData ? ink.red : ink.dim
      const room = width - indented
      return [
        ...wrap(head, width - 2).map((line, at) => `${' '.repeat(at === 0 ? 2 : indented)}${line}`),
        ...indent(indented, [...wrap(effects, room), ...wrap(`data loss: ${dataLoss}`, room).map(paint)]),
      ]
    }),
    '',
    ...previewSentences(targets).flatMap((text) => indent(2, wrap(text, width - 2))),
    ...targets.flatMap((target) => indent(2, wrap(`target: ${addressPhrase(target)}`, width - 2))),
    ...targets.flatMap((target) => downSourceLines(target)),
    '',
  ]
}

/** Whether a deploy has run steps: its results replace the preview then. */
const hasRun = ({ command, targets }: LiveReport): boolean =>
  command === 'deploy' && targets.some(({ steps }) => steps.some(({ outcome }) => outcome !== 'not started'))

/** Downs that come from the journal and not from the file, each with the difference between the two. */
function downSourceLines({ name, ahead }: TargetReport): readonly string[] {
  return (ahead?.steps ?? []).flatMap(({ id, text }) => {
    if (text === undefined || text.from === 'file') return []
    const head = `  ${oneLine(`${name} ${id}`)}: its down comes from the journal: ${oneLine(text.why)}`
    return [
      head,
      ...downSourceDiff(text)
        .slice(0, MOST_DIFF_LINES)
        .map((line) => `    ${visible(line)}`),
    ]
  })
}

/** Every reason why the run is refused, with its fix and its rule. */
export function refusalLines({ approval }: LiveReport, { ink, width }: Options): readonly string[] {
  return (approval?.refused ?? []).flatMap(({ rule, what, fix }) => [
    ...wrap(`${ink.red(ink.bold('refused'))}  ${oneLine(what)}`, width),
    ...indent(9, [...wrap(`fix: ${oneLine(fix)}`, width - 9), ink.dim(rule)]),
    '',
  ])
}

/** Backups, and the checks after the last step with their results. */
export function backupAndCheckLines({ targets }: LiveReport, { width }: Options): readonly string[] {
  const lines = targets.flatMap(({ name, backup, seen = [] }) => [
    ...(backup === undefined ? [] : [`${oneLine(name)}  backup: ${backupPhrase(backup)}`]),
    ...seen.map(
      ({ what, result, seen: found }) =>
        `${oneLine(name)}  ${RESULT_WORDS[result]}  ${oneLine(what)}: ${oneLine(found)}`,
    ),
  ])
  return lines.length === 0 ? [] : [...lines.flatMap((line) => indent(2, wrap(line, width - 2))), '']
}

const BOXES = { held: '[x]', broken: '[!]', open: '[ ]' } as const

/** The checklist: what was done and how it went, then one line with the items that people must do. */
export function checklistLines({ checklist = [] }: LiveReport, { width }: Options): readonly string[] {
  if (checklist.length === 0) return []
  const isForPeople = ({ result, seen }: Observation): boolean => result === 'open' && seen === FOR_PEOPLE
  const rest = checklist.filter(isForPeople).map(({ what }) => what)
  return [
    ...checklist
      .filter((one) => !isForPeople(one))
      .flatMap(({ what, result, seen }) =>
        indent(2, wrap(`${BOXES[result]} ${oneLine(what)}: ${oneLine(seen)}`, width - 2)),
      ),
    ...indent(2, wrap(`[ ] for you: ${rest.map(oneLine).join(' · ')}`, width - 2)),
    '',
  ]
}

/** Recovery commands to paste, each with the result of its dry run. */
export const recoveryLines = ({ ways = [] }: LiveReport, { width }: Options): readonly string[] =>
  ways.flatMap(({ what, command, tried }) => [
    ...indent(2, wrap(`${oneLine(what)}:`, width - 2)),
    `    ${oneLine(command)}`,
    ...(tried === undefined ? [] : indent(4, wrap(`(${dryRunPhrase(tried)})`, width - 4))),
    '',
  ])
