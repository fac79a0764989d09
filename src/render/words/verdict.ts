// The verdict of a check as one word and one sentence, the same in every output format.
import { numberOf, type Finding } from '../../model/finding.js'
import type { DatabaseReport, MigrationReport, Report } from '../../report/check-report.js'
import { count, counted, duration } from './format.js'
import { RULES_WITH_EVIDENCE } from './problems.js'
import {
  badPhrases,
  chainProblem,
  allMigrationsInScope,
  migrationsInScope,
  isBad,
  otherPhrases,
  stateOf,
  countStates,
  whyNotProved,
} from './check.js'

export type VerdictWord = 'PASS' | 'FAIL' | 'ENVIRONMENT'

export const SYMBOLS = { PASS: '✅', FAIL: '❌', ENVIRONMENT: '⚠️' } as const satisfies Record<VerdictWord, string>

const WORDS = { pass: 'PASS', fail: 'FAIL', environment: 'ENVIRONMENT' } as const

/** `sentence` can hold text of a server or a folder, so escape it. `context`: base commit, server and duration. */
export type VerdictLine = { readonly word: VerdictWord; readonly sentence: string; readonly context: string }

export const verdictOf = (report: Report): VerdictLine => ({
  word: WORDS[report.verdict],
  sentence: verdictSentence(report),
  context: [comparedWithPhrase(report), serverPhrase(report), duration(report.milliseconds)]
    .filter((part) => part !== '')
    .join(', '),
})

function verdictSentence(report: Report): string {
  switch (report.verdict) {
    case 'pass':
      return [provedPhrase(report), ...levelCounts(report)].join(', ')
    case 'fail':
      return failurePhrases(report).join(', ')
    case 'environment':
      return environmentPhrase(report)
  }
}

function provedPhrase(report: Report): string {
  const all = allMigrationsInScope(report)
  const total = all.length
  const counts = countStates(all)
  const touched = report.databases.filter(({ untouched }) => untouched !== true).length
  const where = `in ${counted(touched, 'database')}`
  if (report.counts.migrations === 0) return `no migrations in ${counted(report.counts.databases, 'database')}`
  if (total === 0) {
    if (report.findings.some(({ rule }) => LEFT_OUT.has(rule))) return 'nothing in the change is proved'
    const rewritten = report.databases.some((one) => one.migrations.some(({ touched }) => touched === 'rewritten'))
    return rewritten ? 'the change edits only comments of migrations' : 'the change touches no migration'
  }
  if (counts.get('files only') === all.length) return `${counted(total, 'migration')} ${where} read, not run`
  const done = counts.get('proved') ?? 0
  if (done === total) return `${total === 1 ? '' : 'all '}${counted(total, 'migration')} ${where} proved`
  return [
    `${count(done)} of ${counted(total, 'migration')} ${where} proved`,
    ...badPhrases(counts, total),
    ...otherPhrases(counts),
  ].join(', ')
}

/** The rules about files that may be meant as migrations, and are not read as such. */
const LEFT_OUT = new Set(['never-runs', 'file-name'])

const levelCounts = ({ counts }: Report): readonly string[] => [
  ...(counts.errors > 0 ? [counted(counts.errors, 'error')] : []),
  ...(counts.warnings > 0 ? [counted(counts.warnings, 'warning')] : []),
]

function failurePhrases(report: Report): readonly string[] {
  const all = allMigrationsInScope(report)
  const counting = countedBadMigrations(report)
  const bad = badPhrases(countStates([...counting.values()].flat()), all.length)
  const chains = report.databases.flatMap((database) => {
    const trouble = database.migrations.some((m) => isBad(stateOf(m))) ? undefined : chainProblem(database.chain)
    return trouble === undefined ? [] : [`${database.name}: ${trouble}`]
  })
  const others = otherErrors(report, counting)
  const proofs = [...bad, ...chains]
  const errors = others === 0 ? [] : [counted(others, proofs.length === 0 ? 'error' : 'other error')]
  const warnings =
    report.counts.warnings > 0
      ? `${counted(report.counts.warnings, 'warning')} (this run fails on warnings)`
      : 'the run failed'
  const unproved = report.databases.filter((database) => database.notProved !== undefined).length
  return [
    ...(proofs.length + errors.length > 0 ? [...proofs, ...errors] : [warnings]),
    ...(unproved === 0 ? [] : [`${counted(unproved, 'database')} not proved`]),
  ]
}

type CountedMigrations = ReadonlyMap<DatabaseReport, readonly MigrationReport[]>

/** The bad migrations of each database, without those whose only findings are waived or known. */
const countedBadMigrations = (report: Report): CountedMigrations =>
  new Map(
    report.databases.map((database) => {
      const known = blamedBy(report.setAside, database)
      const open = blamedBy(report.findings, database)
      const isApart = (migration: MigrationReport): boolean => isBlamed(known, migration) && !isBlamed(open, migration)
      return [database, migrationsInScope(database).filter((m) => isBad(stateOf(m)) && !isApart(m))]
    }),
  )

/** Migrations of a database by id, and whether all with a missing down are among them. */
type Blamed = { readonly ids: ReadonlySet<string>; readonly missing: boolean }

/** The migrations whose proof or missing down an error reports. An error for many missing downs names only the database. */
function blamedBy(findings: readonly Finding[], { name }: DatabaseReport): Blamed {
  const own = findings.filter(
    ({ level, database, rule }) =>
      level === 'error' && database === name && (rule === 'unpaired' || RULES_WITH_EVIDENCE.includes(rule)),
  )
  return {
    ids: new Set(own.flatMap(({ migration }) => migration ?? [])),
    missing: own.some(({ rule, migration }) => rule === 'unpaired' && migration === undefined),
  }
}

const isBlamed = ({ ids, missing }: Blamed, { id, proof }: MigrationReport): boolean =>
  ids.has(id) || (missing && proof?.down === 'missing')

/** Number of errors that the phrases about migrations and chains do not cover. */
function otherErrors(report: Report, counting: CountedMigrations): number {
  const covered = new Map(
    [...counting].map(([{ name, chain }, bad]) => [
      name,
      {
        ids: new Set(bad.map(({ id }) => id)),
        chain: chainProblem(chain) !== undefined,
        missing: bad.some(({ proof }) => proof?.down === 'missing'),
      },
    ]),
  )
  const isCovered = ({ rule, database, migration }: Finding): boolean => {
    const own = covered.get(database)
    if (own === undefined) return false
    return migration === undefined ? own.chain || (rule === 'unpaired' && own.missing) : own.ids.has(migration)
  }
  return numberOf(report.findings.filter((finding) => finding.level === 'error' && !isCovered(finding)))
}

function environmentPhrase(report: Report): string {
  const [first, ...more] = [
    ...report.problems.map((problem) => problem.what),
    ...report.databases.flatMap((d) => (d.notProved === undefined ? [] : [`${d.name}: ${d.notProved}`])),
    ...report.databases.flatMap((d) =>
      d.migrations.flatMap((m) => {
        const state = stateOf(m)
        if (state !== 'stopped by the environment' && state !== 'not judged') return []
        const why = whyNotProved(m) ?? ''
        return [`${d.name} ${m.id}: ${why === m.proof?.failure?.environment ? why : `not judged, it ${why}`}`]
      }),
    ),
  ]
  if (first === undefined) return 'the environment failed'
  return more.length === 0 ? first : `${first} (and ${count(more.length)} more)`
}

/** git, too, shows seven digits of a commit. */
const comparedWithPhrase = ({ change }: Report): string =>
  change === undefined ? '' : `compared with ${change.branch} at ${change.base.slice(0, 7)}`

const SOURCES = { given: 'given server', local: 'on this machine', package: 'npm package' } as const

const serverPhrase = (report: Report): string =>
  report.server === undefined ? '' : `PostgreSQL ${report.server.version} (${SOURCES[report.server.source]})`
