// Plan, approval, backup and what was looked at afterwards, in Markdown: what an approver reads.
import { structuredPatch } from 'diff'
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import {
  aheadRows,
  backupPhrase,
  nowSentences,
  SEEN_WORDS,
  sheetPhrase,
  targetSentence,
  triedPhrase,
} from '../words/preview.js'
import { count, moment } from '../words/format.js'
import { code, fence, folded, prose, table } from './escape.js'

/** So many steps stand in the table; the rest is counted. */
const ROWS = 300

export function aheadParts(report: LiveReport): readonly string[] {
  const { approval, command } = report
  if (approval === undefined) return []
  const rows = aheadRows(report)
  const shown = rows.slice(0, ROWS)
  const told = report.targets.filter(({ ahead }) => ahead !== undefined)
  const { sheet } = approval
  return [
    ...(command === 'plan' && rows.length > 0
      ? [
          `## Plan ${prose(sheetPhrase(approval))}`,
          '',
          `Approving runs exactly these ${count(rows.length)} steps on these targets. It expires ${moment(sheet.expires)}; anything that moves before then voids it.`,
          '',
          `Digest: ${code(approval.digest)}`,
          '',
        ]
      : []),
    ...(shown.length === 0
      ? []
      : [
          ...table(
            ['#', 'database', 'step', 'what it does', 'size today', 'loses'],
            shown.map(({ number, database, step, does, size, loses, final }) => [
              number,
              code(database),
              code(step),
              prose(does),
              prose(size),
              final ? `**${prose(loses)}**` : prose(loses),
            ]),
          ),
          ...(rows.length > shown.length
            ? ['', `and ${count(rows.length - shown.length)} more, in the JSON report`]
            : []),
          '',
        ]),
    ...list(nowSentences(told)),
    ...(told.length === 0 ? [] : [`Targets: ${told.map((target) => prose(targetSentence(target))).join(' · ')}`, '']),
    ...told.flatMap(textParts),
    ...refusedParts(report),
  ]
}

const list = (texts: readonly string[]): readonly string[] =>
  texts.length === 0 ? [] : [...texts.map((text) => `- ${prose(text)}`), '']

function refusedParts({ approval }: LiveReport): readonly string[] {
  const refused = approval?.refused ?? []
  if (refused.length === 0) return []
  return [
    '**Refused:**',
    '',
    ...refused.map(({ rule, what, fix }) => `- ${prose(what)} (${code(rule)}). Do: ${prose(fix)}`),
    '',
  ]
}

function textParts({ name, ahead }: TargetReport): readonly string[] {
  return (ahead?.steps ?? []).flatMap(({ id, text }) => {
    if (text === undefined || text.from === 'file') return []
    const head = `${code(name)} ${code(id)}: its down is taken from our record: ${prose(text.why)}.`
    if (text.file === undefined || text.recorded === undefined) return [head, '']
    const { hunks } = structuredPatch('', '', text.recorded, text.file, '', '', { context: 1 })
    const lines = hunks.flatMap((hunk) => hunk.lines).slice(0, 100)
    return [
      head,
      '',
      ...folded('What was applied (-) and what stands in this checkout (+)', fence(lines.join('\n'), 'diff')),
    ]
  })
}

/** Backups and what was looked at, with what was seen; ways on and back. */
export function afterParts({ targets, ways = [], checklist = [] }: LiveReport): readonly string[] {
  const rows = targets.flatMap(({ name, backup, seen = [] }) => [
    ...(backup === undefined ? [] : [[code(name), 'backup', prose(backupPhrase(backup))]]),
    ...seen.map(({ what, result, seen: found }) => [code(name), `${prose(what)}: ${SEEN_WORDS[result]}`, prose(found)]),
  ])
  return [
    ...(rows.length === 0 ? [] : [...table(['database', 'what was looked at', 'seen'], rows), '']),
    ...checklist.map(({ what, result, seen }) => `- [${result === 'held' ? 'x' : ' '}] ${prose(what)}: ${prose(seen)}`),
    ...(checklist.length === 0 ? [] : ['']),
    ...ways.flatMap(({ what, command, tried }) => [
      `${prose(what)}:`,
      '',
      ...fence(command, 'text'),
      '',
      ...(tried === undefined ? [] : [prose(triedPhrase(tried)), '']),
    ]),
  ]
}
