// The comment on a pull request: verdict, a row for each database, problems, and what the new migrations do.
import { LEVELS, findingIdentity } from '../../model/finding.js'
import type { DatabaseReport, Report, MigrationReport } from '../../report/check-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { firstThatFits, linesUntil } from './size-limit.js'
import { count, counted, duration, firstFew } from '../words/format.js'
import { code, folded, prose, table, codeInHtml, fence } from './escape.js'
import { groupProblems, type Group } from '../words/problems.js'
import {
  findingCounts,
  changePhrase,
  irreversibleMigrations,
  isPassing,
  notCheckedSentences,
  uncountedPhrases,
  statusOf,
  stateOf,
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
import { schemaEffects, type SchemaEffect } from '../words/effects.js'

/**
 * `limit` in bytes of UTF-8. `reportUrl` is the address of the full report. `previous` is the state that the last run left
 * in the comment; it is not trusted, since other people may edit the comment.
 */
export type CommentOptions = {
  readonly limit: number
  readonly reportUrl?: string | undefined
  readonly previous?: string | undefined
}

const FIRST_DIFFERENCES = 20
const FIRST_GROUPS = 20
const FIRST_PROBLEMS = 100
const FIRST_DATABASES = 100

/**
 * A comment that is too long leaves these out, in this order, and says so: the SQL of migrations without problems, all SQL
 * and effects, evidence of warnings and notes, differences after the first 20 of a comparison, details after the first 20
 * migrations, all details, problems after the first 100, and all but the heading.
 */
export function renderComment(
  given: Report,
  options: CommentOptions,
): { readonly body: string; readonly state: string } {
  const report = reportWithoutSecrets(given)
  const groups = groupProblems(report)
  const all: Detail = { differences: Infinity, evidence: LEVELS }
  const errors: Detail = { differences: Infinity, evidence: ['error'] }
  const first: Detail = { differences: FIRST_DIFFERENCES, evidence: ['error'] }
  const page = (problems: readonly string[], shown: ShownSql | 'nothing', left?: string): string =>
    pageOf(report, { ...options, problems, shown, left })
  const body = firstThatFits(options.limit, [
    () => page(inFull(groups, all, options.limit), 'all texts'),
    () => page(inFull(groups, all, options.limit), 'texts of problems', 'the SQL of migrations without problems'),
    () => page(inFull(groups, all, options.limit), 'no text', 'the SQL of the migrations'),
    () =>
      page(inFull(groups, errors, options.limit), 'nothing', 'what the migrations do, evidence of warnings and notes'),
    () =>
      page(
        inFull(groups, first, options.limit),
        'nothing',
        `what the migrations do, differences after the first ${count(FIRST_DIFFERENCES)}`,
      ),
    () =>
      page(
        firstInFull(groups, FIRST_GROUPS, (some) => inFull(some, first, options.limit)),
        'nothing',
        `details after the first ${count(FIRST_GROUPS)} migrations`,
      ),
    () => page(groups.flatMap(shortMarkdown), 'nothing', 'the details of every problem'),
    () =>
      page(
        firstShort(groups, FIRST_PROBLEMS),
        'nothing',
        `the details of every problem, problems after the first ${count(FIRST_PROBLEMS)}`,
      ),
    () => [...heading(report), ...leftOut('everything else', options), ''].join('\n'),
  ])
  return { body, state: renderRunState(report) }
}

function inFull(groups: readonly Group[], detail: Detail, limit: number): readonly string[] {
  const others = groups.filter(({ level }) => level !== 'note')
  return [...linesUntil(limit, others, (group) => groupMarkdown(group, detail, '####')), ...notes(groups)]
}

/** Notes are folded, in one line each: they need no action. */
function notes(groups: readonly Group[]): readonly string[] {
  const lines = groups.filter(({ level }) => level === 'note').flatMap(shortMarkdown)
  return lines.length === 0 ? [] : folded(counted(lines.length, 'note'), lines)
}

type Page = CommentOptions & {
  readonly problems: readonly string[]
  readonly shown: ShownSql | 'nothing'
  readonly left: string | undefined
}

function pageOf(report: Report, page: Page): string {
  const { problems, shown, left } = page
  return [
    ...heading(report),
    ...risksMarkdown(report),
    ...databases(report),
    '',
    ...problems,
    ...(problems.length > 0 && problems.at(-1) !== '' ? [''] : []),
    ...runProblemsMarkdown(report),
    ...(shown === 'nothing' ? [] : migrationsMarkdown(report, shown, page.limit)),
    ...olderMarkdown(report),
    ...asides(report),
    ...(left === undefined ? [] : leftOut(left, page)),
    foot(report, page),
    '',
  ].join('\n')
}

function heading(report: Report): readonly string[] {
  const { word, sentence } = verdictOf(report)
  return [`### ${SYMBOLS[word]} ${word}: ${prose(shortened(sentence, 1_000))}`, '']
}

/** A table of the databases. Those that the change does not touch share a line. */
function databases(report: Report): readonly string[] {
  const touched = report.databases.filter(({ untouched }) => untouched !== true)
  const rest = report.databases
    .filter(({ untouched }) => untouched === true)
    .map(({ name }) => code(shortened(name, 100)))
  const rows = touched.slice(0, FIRST_DATABASES).map((database) => rowOf(database, report))
  const more = touched.length - rows.length
  const what = report.change === undefined ? 'migrations' : 'change'
  return [
    ...(rows.length === 0 ? [] : table(['', 'database', what, 'proof', 'problems', 'time'], rows)),
    ...(more > 0 ? ['', `and ${counted(more, 'more database')}`] : []),
    ...(rest.length === 0 || touched.length === 0 ? [] : ['', `No change: ${firstFew(rest, 20)}`]),
  ]
}

function rowOf(database: DatabaseReport, report: Report): readonly string[] {
  const well = isPassing(database) && !report.findings.some((f) => f.database === database.name && f.level === 'error')
  return [
    well ? SYMBOLS.PASS : SYMBOLS.FAIL,
    code(shortened(database.name, 100)),
    report.change === undefined ? count(database.migrations.length) : changePhrase(database),
    isPassing(database) ? statusOf(database) : `**${statusOf(database)}**`,
    findingCounts(report, database, ['error', 'warning']),
    duration(database.milliseconds),
  ]
}

/** Waived findings, irreversible migrations and what was not checked. */
function asides(report: Report): readonly string[] {
  const irreversible = irreversibleMigrations(report).map(
    ({ name, reason }) => `- irreversible on purpose: ${code(name)}, ${prose(reason)}`,
  )
  const notChecked = notCheckedSentences(report).map((sentence) => `- not checked: ${prose(sentence)}`)
  const lines = [...acceptedMarkdown(report), ...irreversible, ...notChecked]
  if (lines.length === 0) return []
  const shown = lines.slice(0, 50)
  return folded(`Accepted or not checked (${count(lines.length)})`, [
    ...shown,
    ...(lines.length > shown.length ? [`- and ${count(lines.length - shown.length)} more`] : []),
  ])
}

function foot(report: Report, { reportUrl, previous }: CommentOptions): string {
  const since = sinceLastPush(report, previous)
  const before = report.databases.flatMap(({ migrations }) =>
    migrations.filter(({ scope }) => scope === 'applied'),
  ).length
  const parts = [
    ...(since === undefined ? [] : [since]),
    ...uncountedPhrases(report),
    ...(before === 0 ? [] : [`${counted(before, 'earlier migration')} applied, not checked`]),
    verdictOf(report).context,
    `${report.tool.name} ${report.tool.version}`,
  ].map(prose)
  const link = reportUrl === undefined ? [] : [linkTo(reportUrl)]
  const accept =
    report.findings.length === 0
      ? []
      : [`to accept a finding: ${code('-- migration-gate: allow <rule> until YYYY-MM-DD because …')} in the migration`]
  return `<sub>${[...parts, ...link, ...accept].join(' · ')}</sub>`
}

/** A link for the page of a workflow run; any other address stays text. */
const linkTo = (url: string): string =>
  /^https:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+\/actions\/runs\/\d+$/.test(url) ? `[full report](${url})` : prose(url)

const leftOut = (what: string, { reportUrl }: CommentOptions): readonly string[] => [
  `Too long to show: ${what}. ${reportUrl === undefined ? 'The JSON report' : 'The full report'} has everything.`,
  '',
]

/** The migrations whose SQL is shown. */
type ShownSql = 'all texts' | 'texts of problems' | 'no text'

/** Comments alone change nothing that could be shown. */
const isShown = ({ touched }: MigrationReport): boolean => touched !== undefined && touched !== 'rewritten'

/** A folded part for each changed migration. */
function migrationsMarkdown(report: Report, shown: ShownSql, limit: number): readonly string[] {
  const changed = report.databases.flatMap((database) =>
    database.migrations.filter(isShown).map((migration) => ({ database, migration })),
  )
  return linesUntil(limit, changed, ({ database, migration }) => migrationMarkdown(database, migration, shown))
}

const WORDS = { added: 'new', edited: 'edited', renamed: 'renamed', rewritten: 'comments only' } as const

function migrationMarkdown(database: DatabaseReport, migration: MigrationReport, shown: ShownSql): readonly string[] {
  const { id, touched = 'added', does = [], sql } = migration
  const effects = schemaEffects(does)
  const text = shown === 'all texts' || (shown === 'texts of problems' && stateOf(migration) !== 'proved')
  const [first] = effects
  const brief = first === undefined ? 'no schema change' : effectInShort(first, effects.length - 1)
  const title = `${codeInHtml(`${database.name} ${id}`)} (${WORDS[touched]}) ${brief}`
  return folded(title, [
    ...(effects.length > 1 || first?.detail !== undefined
      ? [...effects.map((one) => `- ${effectInFull(one)}`), '']
      : []),
    ...(text && sql !== undefined ? sideBySide(sql) : []),
  ])
}

const effectInShort = ({ verb, name }: SchemaEffect, more: number): string =>
  `${verb} ${codeInHtml(name)}${more === 0 ? '' : `, and ${counted(more, 'more change')}`}`

const effectInFull = ({ verb, name, detail }: SchemaEffect): string =>
  `${verb} ${code(name)}${detail === undefined ? '' : `: ${code(detail)}`}`

/** GitHub renders Markdown in a cell of an HTML table only between blank lines. */
const sideBySide = ({ up, down }: NonNullable<MigrationReport['sql']>): readonly string[] => [
  '<table>',
  '<tr><th>up</th><th>down</th></tr>',
  '<tr><td>',
  '',
  ...script(up),
  '',
  '</td><td>',
  '',
  ...(down === undefined ? ['none'] : script(down)),
  '',
  '</td></tr>',
  '</table>',
]

const MOST_LINES = 200

function script(text: string): readonly string[] {
  const lines = text.split('\n')
  const more = lines.length - MOST_LINES
  if (more <= 0) return fence(text, 'sql')
  return [...fence(lines.slice(0, MOST_LINES).join('\n'), 'sql'), '', `and ${count(more)} more lines`]
}

/** The state of a run that is kept in its comment, so that the next run can report what changed. */
type RunState = { readonly head: string; readonly problems: readonly string[] }

/** More would not fit into a comment. */
const MOST_PROBLEMS = 400

/** JSON of one line, at most about 8,000 characters. */
const renderRunState = (report: Report): string => JSON.stringify(runStateOf(report))

function runStateOf(report: Report): RunState {
  const problems = [...new Set(report.findings.filter(({ level }) => level !== 'note').map(findingIdentity))]
  return { head: report.change?.head ?? '', problems: problems.slice(0, MOST_PROBLEMS) }
}

/**
 * `since the last push: 1 fixed, 0 new`. Undefined for the first run, for the same commit again, and for a state that
 * cannot be read (people can edit the comment).
 */
function sinceLastPush(report: Report, previous: string | undefined): string | undefined {
  const before = parse(previous)
  const now = runStateOf(report)
  if (before === undefined || before.head === now.head) return undefined
  if (before.problems.length >= MOST_PROBLEMS) return undefined
  const fixed = before.problems.filter((one) => !now.problems.includes(one)).length
  const fresh = now.problems.filter((one) => !before.problems.includes(one)).length
  return `since the last push: ${count(fixed)} fixed, ${count(fresh)} new`
}

function parse(text: string | undefined): RunState | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value !== 'object' || value === null || !('head' in value) || !('problems' in value)) return undefined
    const { head, problems } = value
    if (typeof head !== 'string' || !Array.isArray(problems)) return undefined
    return { head, problems: problems.filter((one): one is string => typeof one === 'string').slice(0, MOST_PROBLEMS) }
  } catch {
    return undefined
  }
}
