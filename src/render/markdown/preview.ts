// Plan, approval, backups, checks after the run and recovery commands in Markdown: what an approver reads.
import type { LiveReport, TargetReport } from '../../report/run-report.js'
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
import { count, counted, utcTime } from '../words/format.js'
import { code, fence, folded, prose, table } from './escape.js'

/** Up to this many steps are in the table; the rest is counted. */
const ROWS = 300

/** Of the difference between the down in the journal and the one in the file. */
const MOST_DIFF_LINES = 100

export function previewMarkdown(report: LiveReport): readonly string[] {
  const { approval, command } = report
  if (approval === undefined) return []
  const rows = previewRows(report)
  const shown = rows.slice(0, ROWS)
  const targets = report.targets.filter(({ ahead }) => ahead !== undefined)
  const { sheet } = approval
  return [
    ...(command === 'plan' && rows.length > 0
      ? [
          `## Plan ${prose(planPhrase(approval))}`,
          '',
          `Approving runs exactly the ${counted(rows.length, 'step')} below, on the targets below. The approval expires at ${utcTime(sheet.expires)}. Any change before then voids it.`,
          '',
          `Digest: ${code(approval.digest)}`,
          '',
        ]
      : []),
    ...(shown.length === 0
      ? []
      : [
          ...table(
            ['#', 'database', 'step', 'data loss', 'effects', 'size today'],
            shown.map(({ number, database, step, effects, size, dataLoss, losesData }) => [
              number,
              code(database),
              code(step),
              losesData ? `**${prose(dataLoss)}**` : prose(dataLoss),
              prose(effects),
              prose(size),
            ]),
          ),
          ...(rows.length > shown.length
            ? ['', `and ${count(rows.length - shown.length)} more, in the JSON report`]
            : []),
          '',
        ]),
    ...list(previewSentences(targets)),
    ...(targets.length === 0
      ? []
      : [`Targets: ${targets.map((target) => prose(addressPhrase(target))).join(' · ')}`, '']),
    ...targets.flatMap(downSourceMarkdown),
    ...refusalMarkdown(report),
  ]
}

const list = (texts: readonly string[]): readonly string[] =>
  texts.length === 0 ? [] : [...texts.map((text) => `- ${prose(text)}`), '']

function refusalMarkdown({ approval }: LiveReport): readonly string[] {
  const refused = approval?.refused ?? []
  if (refused.length === 0) return []
  return [
    '**Refused:**',
    '',
    ...refused.map(({ rule, what, fix }) => `- ${prose(what)} (${code(rule)}). Fix: ${prose(fix)}`),
    '',
  ]
}

function downSourceMarkdown({ name, ahead }: TargetReport): readonly string[] {
  return (ahead?.steps ?? []).flatMap(({ id, text }) => {
    if (text === undefined || text.from === 'file') return []
    const head = `${code(name)} ${code(id)}: its down comes from the journal: ${prose(text.why)}.`
    if (text.file === undefined || text.recorded === undefined) return [head, '']
    const lines = downSourceDiff(text).slice(0, MOST_DIFF_LINES)
    return [head, '', ...folded('As applied (-) and as in this checkout (+)', fence(lines.join('\n'), 'diff'))]
  })
}

/** Backups, the checks after the last step with their results, the checklist, and recovery commands. */
export function resultMarkdown({ targets, ways = [], checklist = [] }: LiveReport): readonly string[] {
  const rows = targets.flatMap(({ name, backup, seen = [] }) => [
    ...(backup === undefined ? [] : [[code(name), 'backup', prose(backupPhrase(backup))]]),
    ...seen.map(({ what, result, seen: found }) => [
      code(name),
      `${prose(what)}: ${RESULT_WORDS[result]}`,
      prose(found),
    ]),
  ])
  return [
    ...(rows.length === 0 ? [] : [...table(['database', 'check', 'result'], rows), '']),
    ...checklist.map(({ what, result, seen }) => `- [${result === 'held' ? 'x' : ' '}] ${prose(what)}: ${prose(seen)}`),
    ...(checklist.length === 0 ? [] : ['']),
    ...ways.flatMap(({ what, command, tried }) => [
      `${prose(what)}:`,
      '',
      ...fence(command, 'text'),
      '',
      ...(tried === undefined ? [] : [prose(dryRunPhrase(tried)), '']),
    ]),
  ]
}
