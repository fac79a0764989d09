// Plan, approval, backup and what was looked at afterwards, for a terminal or a log.
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import { structuredPatch } from 'diff'
import {
  aheadRows,
  backupPhrase,
  nowSentences,
  SEEN_WORDS,
  sheetPhrase,
  targetSentence,
  triedPhrase,
} from '../words/preview.js'
import { columns, indent, wrap, type Ink } from './layout.js'
import { oneLine, visible } from '../words/escape.js'

type Options = { readonly ink: Ink; readonly width: number }

/** What would be done, lost and met; empty where there is nothing of it. */
export function aheadLines(report: LiveReport, { ink, width }: Options): readonly string[] {
  const rows = aheadRows(report)
  const { approval } = report
  const told = report.targets.filter(({ ahead }) => ahead !== undefined)
  if (approval === undefined || rows.length === 0 || isOver(report)) return []
  const room = Math.max(20, width - 60)
  return [
    ink.bold(report.command === 'rollback' ? 'What it takes back' : `Plan ${sheetPhrase(approval)}`),
    ...indent(
      2,
      columns(
        rows.flatMap((row) => {
          const [first = '', ...more] = wrap(row.does, room)
          const loses = row.final ? ink.red(`loses ${row.loses}`) : ink.dim(`loses ${row.loses}`)
          return [
            [row.number, row.database, row.step, first, row.size],
            ...more.map((words) => ['', '', '', words, '']),
            ['', '', '', loses, ''],
          ]
        }),
      ),
    ),
    '',
    ...nowSentences(told).flatMap((text) => indent(2, wrap(text, width - 2))),
    ...told.flatMap((target) => indent(2, wrap(`target: ${targetSentence(target)}`, width - 2))),
    ...told.flatMap((target) => textLines(target)),
    '',
  ]
}

/** What was ahead is behind then: what came of it is told instead. */
const isOver = ({ command, targets }: LiveReport): boolean =>
  command === 'deploy' && targets.some(({ steps }) => steps.some(({ outcome }) => outcome !== 'not started'))

/** Where the text of a down is from, where that is not the file. */
function textLines({ name, ahead }: TargetReport): readonly string[] {
  return (ahead?.steps ?? []).flatMap(({ id, text }) => {
    if (text === undefined || text.from === 'file') return []
    const head = `  ${oneLine(`${name} ${id}`)}: its down is taken from our record: ${oneLine(text.why)}`
    const lines =
      text.file === undefined || text.recorded === undefined
        ? []
        : structuredPatch('', '', text.recorded, text.file, '', '', { context: 1 }).hunks.flatMap((hunk) => hunk.lines)
    return [head, ...lines.slice(0, 40).map((line) => `    ${visible(line)}`)]
  })
}

/** Every reason not to go on, and what to do. */
export function refusedLines({ approval }: LiveReport, { ink, width }: Options): readonly string[] {
  return (approval?.refused ?? []).flatMap(({ rule, what, fix }) => [
    ...wrap(`${ink.red(ink.bold('refused'))}  ${oneLine(what)}`, width),
    ...indent(9, [...wrap(`do: ${oneLine(fix)}`, width - 9), ink.dim(rule)]),
    '',
  ])
}

/** Backups and what was looked at, with what was seen. */
export function seenLines({ targets }: LiveReport, { width }: Options): readonly string[] {
  const lines = targets.flatMap(({ name, backup, seen = [] }) => [
    ...(backup === undefined ? [] : [`${oneLine(name)}  backup: ${backupPhrase(backup)}`]),
    ...seen.map(
      ({ what, result, seen: found }) => `${oneLine(name)}  ${SEEN_WORDS[result]}  ${oneLine(what)}: ${oneLine(found)}`,
    ),
  ])
  return lines.length === 0 ? [] : [...lines.flatMap((line) => indent(2, wrap(line, width - 2))), '']
}

/** The checklist: what was done with what was seen, then in one line what stays with people. */
export function checklistLines({ checklist = [] }: LiveReport, { width }: Options): readonly string[] {
  if (checklist.length === 0) return []
  const done = checklist.filter(({ result }) => result !== 'open')
  const rest = checklist.filter(({ result }) => result === 'open').map(({ what }) => what)
  return [
    ...done.flatMap(({ what, result, seen }) =>
      indent(2, wrap(`${result === 'held' ? '[x]' : '[!]'} ${oneLine(what)}: ${oneLine(seen)}`, width - 2)),
    ),
    ...indent(2, wrap(`[ ] for you: ${rest.map(oneLine).join(' · ')}`, width - 2)),
    '',
  ]
}

/** Ways on and back, as commands to be pasted. */
export const wayLines = ({ ways = [] }: LiveReport, { width }: Options): readonly string[] =>
  ways.flatMap(({ what, command, tried }) => [
    ...indent(2, wrap(`${oneLine(what)}:`, width - 2)),
    `    ${oneLine(command)}`,
    ...(tried === undefined ? [] : indent(4, wrap(`(${triedPhrase(tried)})`, width - 4))),
    '',
  ])
