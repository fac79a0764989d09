// The job summary: Markdown for the page of a workflow run.
import { LEVELS } from '../../model/finding.js'
import type { DatabaseReport, Report } from '../../report/check-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { fit } from '../words/fit.js'
import { count, counted, duration, moment } from '../words/format.js'
import { acceptedMarkdown } from './accepted.js'
import { code, folded, prose, table } from './escape.js'
import { groupProblems, type Group } from '../words/problems.js'
import {
  findingWords,
  changeWords,
  irreversible,
  isWell,
  notLookedAt,
  passedOver,
  setAsideWords,
  statusOf,
} from '../words/check.js'
import { firstShort, groupMarkdown, shortMarkdown, type Detail } from './problem.js'
import { SYMBOLS, verdictOf } from '../words/verdict.js'
import { shortened } from '../words/escape.js'

/** GitHub takes 1 MiB for a step; larger ones are not shown at all. Bytes of UTF-8. */
export const SUMMARY_LIMIT = 1_000_000

const FIRST_DIFFERENCES = 20
const FIRST_GROUPS = 20
const FIRST_PROBLEMS = 1_000
const FIRST_DATABASES = 500

/**
 * What does not fit goes in this order, and the summary says what went: evidence of warnings and notes, differences after
 * the first 20 of a comparison, details after the first 20 migrations, all details, problems after the first 1,000, all
 * but the heading.
 */
export function renderSummary(given: Report, limit: number = SUMMARY_LIMIT): string {
  const report = reportWithoutSecrets(given)
  const groups = groupProblems(report)
  const all: Detail = { differences: Infinity, evidence: LEVELS }
  const errors: Detail = { differences: Infinity, evidence: ['error'] }
  const first: Detail = { differences: FIRST_DIFFERENCES, evidence: ['error'] }
  const page = (problems: readonly string[], left?: string): string => pageOf(report, { problems, left })
  return fit(limit, [
    () => page(inFull(groups, all)),
    () => page(inFull(groups, errors), 'evidence of warnings and notes'),
    () =>
      page(
        inFull(groups, first),
        `evidence of warnings and notes, differences after the first ${count(FIRST_DIFFERENCES)}`,
      ),
    () => page(firstInFull(groups, first), `details after the first ${count(FIRST_GROUPS)} migrations`),
    () => page(groups.flatMap(shortMarkdown), 'the details of every problem'),
    () =>
      page(
        firstShort(groups, FIRST_PROBLEMS),
        `the details of every problem, problems after the first ${count(FIRST_PROBLEMS)}`,
      ),
    () => [...heading(report), ...leftOut('everything else'), ''].join('\n'),
  ])
}

/** What is nothing but notes is folded: it asks for nothing. */
function inFull(groups: readonly Group[], detail: Detail): readonly string[] {
  const notes = groups.filter((group) => group.level === 'note')
  const others = groups.filter((group) => group.level !== 'note')
  return [
    ...others.flatMap((group) => groupMarkdown(group, detail)),
    ...(notes.length === 0
      ? []
      : folded(
          `Notes on ${counted(notes.length, 'migration')}`,
          notes.flatMap((group) => groupMarkdown(group, detail)),
        )),
  ]
}

const firstInFull = (groups: readonly Group[], detail: Detail): readonly string[] => [
  ...inFull(groups.slice(0, FIRST_GROUPS), detail),
  ...groups.slice(FIRST_GROUPS).flatMap(shortMarkdown),
]

function pageOf(
  report: Report,
  { problems, left }: { readonly problems: readonly string[]; readonly left: string | undefined },
): string {
  return [
    ...heading(report),
    ...databases(report),
    '',
    ...problems,
    ...(problems.length > 0 && problems.at(-1) !== '' ? [''] : []),
    ...report.problems.flatMap(({ what, fix }) => [`**error: ${prose(what)}**`, '', `Do: ${prose(fix)}`, '']),
    ...foot(report),
    ...(left === undefined ? [] : leftOut(left)),
    [`${report.tool.name} ${report.tool.version}`, verdictOf(report).surroundings, moment(report.started)]
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
  const well = isWell(database)
  return [
    `${well ? SYMBOLS.PASS : SYMBOLS.FAIL} ${code(shortened(database.name, 100))}`,
    report.change === undefined ? count(database.migrations.length) : changeWords(database),
    database.layout,
    well ? statusOf(database) : `**${statusOf(database)}**`,
    findingWords(report, database, ['error', 'warning']),
    duration(database.milliseconds),
  ]
}

function foot(report: Report): readonly string[] {
  const final = irreversible(report).map(({ name, reason }) => `- ${code(name)}: ${prose(reason)}`)
  const passed = passedOver(report)
  const forgone = [
    ...notLookedAt(report).map((sentence) => `- ${prose(sentence)}`),
    ...(passed === 0 ? [] : [`- ${counted(passed, 'file')} passed over, listed in the JSON report`]),
  ]
  const apart = setAsideWords(report).map((words) => `- ${words}`)
  return [
    ...listed('Irreversible on purpose', final),
    ...listed('Accepted', acceptedMarkdown(report)),
    ...listed('Not counted', apart),
    ...listed('Not looked at', forgone),
  ]
}

/** Up to ten items stand open; more are folded, and after the first 100 only counted. */
function listed(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, 100)
  const lines = [...shown, ...(items.length > shown.length ? [`- and ${count(items.length - shown.length)} more`] : [])]
  return items.length <= 10 ? [`**${title}**`, '', ...lines, ''] : folded(`${title} (${count(items.length)})`, lines)
}

const leftOut = (what: string): readonly string[] => [
  `Left out for length: ${what}. The JSON report holds all of it.`,
  '',
]
