// The job summary of a check: Markdown for the page of a workflow run.
import { LEVELS } from '../../model/finding.js'
import type { DatabaseReport, Report } from '../../report/check-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { firstThatFits, linesUntil } from './size-limit.js'
import { count, counted, duration, utcTime } from '../words/format.js'
import { code, folded, prose, table } from './escape.js'
import { groupProblems, type Group } from '../words/problems.js'
import {
  findingCounts,
  changePhrase,
  irreversibleMigrations,
  isPassing,
  notCheckedSentences,
  ignoredFileCount,
  uncountedPhrases,
  statusOf,
} from '../words/check.js'
import {
  acceptedMarkdown,
  firstInFull,
  firstShort,
  groupMarkdown,
  olderMarkdown,
  runProblemsMarkdown,
  shortMarkdown,
  type Detail,
} from './problem.js'
import { risksMarkdown } from './risks.js'
import { SYMBOLS, verdictOf } from '../words/verdict.js'
import { shortened } from '../words/escape.js'

/** Bytes of UTF-8. GitHub shows no summary of a step above 1 MiB. */
export const SUMMARY_LIMIT = 1_000_000

const FIRST_DIFFERENCES = 20
const FIRST_GROUPS = 20
const FIRST_PROBLEMS = 1_000
const FIRST_DATABASES = 500

/**
 * A summary that is too long leaves these out, in this order, and says so: evidence of warnings and notes, differences
 * after the first 20 of a comparison, details after the first 20 migrations, all details, problems after the first 1,000,
 * and all but the heading.
 */
export function renderSummary(given: Report, limit: number = SUMMARY_LIMIT): string {
  const report = reportWithoutSecrets(given)
  const groups = groupProblems(report)
  const all: Detail = { differences: Infinity, evidence: LEVELS }
  const errors: Detail = { differences: Infinity, evidence: ['error'] }
  const first: Detail = { differences: FIRST_DIFFERENCES, evidence: ['error'] }
  const page = (problems: readonly string[], left?: string): string => pageOf(report, { problems, left })
  return firstThatFits(limit, [
    () => page(inFull(groups, all, limit)),
    () => page(inFull(groups, errors, limit), 'evidence of warnings and notes'),
    () =>
      page(
        inFull(groups, first, limit),
        `evidence of warnings and notes, differences after the first ${count(FIRST_DIFFERENCES)}`,
      ),
    () =>
      page(
        firstInFull(groups, FIRST_GROUPS, (some) => inFull(some, first, limit)),
        `details after the first ${count(FIRST_GROUPS)} migrations`,
      ),
    () => page(groups.flatMap(shortMarkdown), 'the details of every problem'),
    () =>
      page(
        firstShort(groups, FIRST_PROBLEMS),
        `the details of every problem, problems after the first ${count(FIRST_PROBLEMS)}`,
      ),
    () => [...heading(report), ...leftOut('everything else'), ''].join('\n'),
  ])
}

/** Migrations with notes only are folded: they need no action. */
function inFull(groups: readonly Group[], detail: Detail, limit: number): readonly string[] {
  const notes = groups.filter((group) => group.level === 'note')
  const others = groups.filter((group) => group.level !== 'note')
  return [
    ...linesUntil(limit, others, (group) => groupMarkdown(group, detail)),
    ...(notes.length === 0
      ? []
      : folded(
          `Notes on ${counted(notes.length, 'migration')}`,
          linesUntil(limit, notes, (group) => groupMarkdown(group, detail)),
        )),
  ]
}

function pageOf(
  report: Report,
  { problems, left }: { readonly problems: readonly string[]; readonly left: string | undefined },
): string {
  return [
    ...heading(report),
    ...risksMarkdown(report),
    ...databases(report),
    '',
    ...problems,
    ...(problems.length > 0 && problems.at(-1) !== '' ? [''] : []),
    ...runProblemsMarkdown(report),
    ...olderMarkdown(report),
    ...foot(report),
    ...(left === undefined ? [] : leftOut(left)),
    [`${report.tool.name} ${report.tool.version}`, verdictOf(report).context, utcTime(report.started)]
      .map(prose)
      .join(' · '),
    '',
  ].join('\n')
}

function heading(report: Report): readonly string[] {
  const { word, sentence } = verdictOf(report)
  return [`## ${SYMBOLS[word]} ${word}: ${prose(shortened(sentence, 1_000))}`, '']
}

function databases(report: Report): readonly string[] {
  if (report.databases.length === 0) return []
  const rows = report.databases.slice(0, FIRST_DATABASES).map((database) => rowOf(database, report))
  const more = report.databases.length - rows.length
  return [
    ...table(
      ['database', report.change === undefined ? 'migrations' : 'change', 'layout', 'proof', 'problems', 'time'],
      rows,
    ),
    ...(more > 0 ? ['', `and ${counted(more, 'more database')}, in the JSON report`] : []),
  ]
}

function rowOf(database: DatabaseReport, report: Report): readonly string[] {
  const well = isPassing(database)
  return [
    `${well ? SYMBOLS.PASS : SYMBOLS.FAIL} ${code(shortened(database.name, 100))}`,
    report.change === undefined ? count(database.migrations.length) : changePhrase(database),
    database.layout,
    well ? statusOf(database) : `**${statusOf(database)}**`,
    findingCounts(report, database, ['error', 'warning']),
    duration(database.milliseconds),
  ]
}

function foot(report: Report): readonly string[] {
  const irreversible = irreversibleMigrations(report).map(({ name, reason }) => `- ${code(name)}: ${prose(reason)}`)
  const ignored = ignoredFileCount(report)
  const notChecked = [
    ...notCheckedSentences(report).map((sentence) => `- ${prose(sentence)}`),
    ...(ignored === 0 ? [] : [`- ${counted(ignored, 'file')} ignored, listed in the JSON report`]),
  ]
  const uncounted = uncountedPhrases(report).map((phrase) => `- ${phrase}`)
  return [
    ...listed('Irreversible on purpose', irreversible),
    ...listed('Accepted', acceptedMarkdown(report)),
    ...listed('Not counted', uncounted),
    ...listed('Not checked', notChecked),
  ]
}

/** Up to ten items are shown open; more are folded, and after the first 100 they are only counted. */
function listed(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, 100)
  const lines = [...shown, ...(items.length > shown.length ? [`- and ${count(items.length - shown.length)} more`] : [])]
  return items.length <= 10 ? [`**${title}**`, '', ...lines, ''] : folded(`${title} (${count(items.length)})`, lines)
}

const leftOut = (what: string): readonly string[] => [`Too long to show: ${what}. The JSON report has everything.`, '']
