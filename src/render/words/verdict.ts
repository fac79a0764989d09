// The verdict in one word and one sentence, the same on every surface.
import type { Finding } from '../../model/finding.js'
import type { DatabaseReport, MigrationReport, Report } from '../../report/check-report.js'
import { count, counted, duration } from './format.js'
import { RULES_WITH_EVIDENCE } from './problems.js'
import { badPhrases, chainTrouble, inScope, inScopeOf, isBad, otherPhrases, stateOf, tally } from './check.js'

export type VerdictWord = 'PASS' | 'FAIL' | 'ENVIRONMENT'

export const SYMBOLS = { PASS: '✅', FAIL: '❌', ENVIRONMENT: '⚠️' } as const satisfies Record<VerdictWord, string>

const WORDS = { pass: 'PASS', fail: 'FAIL', environment: 'ENVIRONMENT' } as const

/** `sentence` holds text of the report's own only where a server or a folder gave a reason; escape it like all text. */
export type VerdictLine = { readonly word: VerdictWord; readonly sentence: string; readonly surroundings: string }

export const verdictOf = (report: Report): VerdictLine => ({
  word: WORDS[report.verdict],
  sentence: sentence(report),
  surroundings: [comparedWith(report), server(report), duration(report.milliseconds)]
    .filter((part) => part !== '')
    .join(', '),
})

function sentence(report: Report): string {
  switch (report.verdict) {
    case 'pass':
      return [proved(report), ...levels(report)].join(', ')
    case 'fail':
      return wrong(report).join(', ')
    case 'environment':
      return surroundingsFailed(report)
  }
}

function proved(report: Report): string {
  const all = inScope(report)
  const total = all.length
  const counts = tally(all)
  const touched = report.databases.filter(({ untouched }) => untouched !== true).length
  const where = `in ${counted(touched, 'database')}`
  if (report.counts.migrations === 0) return `no migrations in ${counted(report.counts.databases, 'database')}`
  if (total === 0) return 'the change touches no migration'
  if (counts.get('files only') === all.length) return `${counted(total, 'migration')} ${where} read, not run`
  const done = counts.get('proved') ?? 0
  if (done === total) return `${total === 1 ? '' : 'all '}${counted(total, 'migration')} ${where} proved`
  return [
    `${count(done)} of ${counted(total, 'migration')} ${where} proved`,
    ...badPhrases(counts, total),
    ...otherPhrases(counts),
  ].join(', ')
}

const levels = ({ counts }: Report): readonly string[] => [
  ...(counts.errors > 0 ? [counted(counts.errors, 'error')] : []),
  ...(counts.warnings > 0 ? [counted(counts.warnings, 'warning')] : []),
]

function wrong(report: Report): readonly string[] {
  const all = inScope(report)
  const counting = countingBad(report)
  const bad = badPhrases(tally([...counting.values()].flat()), all.length)
  const chains = report.databases.flatMap((database) => {
    const trouble = database.migrations.some((m) => isBad(stateOf(m))) ? undefined : chainTrouble(database.chain)
    return trouble === undefined ? [] : [`${database.name}: ${trouble}`]
  })
  const others = otherErrors(report, counting)
  const said = [...bad, ...chains]
  const errors = others === 0 ? [] : [counted(others, said.length === 0 ? 'error' : 'other error')]
  const warnings =
    report.counts.warnings > 0
      ? `${counted(report.counts.warnings, 'warning')}, on which this run fails`
      : 'the run failed'
  const unproved = report.databases.filter((database) => database.notProved !== undefined).length
  return [
    ...(said.length + errors.length > 0 ? [...said, ...errors] : [warnings]),
    ...(unproved === 0 ? [] : [`${counted(unproved, 'database')} not proved`]),
  ]
}

type Counting = ReadonlyMap<DatabaseReport, readonly MigrationReport[]>

/** What is bad by database, without what only findings stand for that count apart. */
const countingBad = (report: Report): Counting =>
  new Map(
    report.databases.map((database) => {
      const about = (findings: readonly Finding[], migration: MigrationReport): boolean =>
        findings.some((finding) => finding.level === 'error' && isAbout(finding, database, [migration]))
      const isApart = (migration: MigrationReport): boolean =>
        about(report.setAside, migration) && !about(report.findings, migration)
      return [database, inScopeOf(database).filter((m) => isBad(stateOf(m)) && !isApart(m))]
    }),
  )

/** Of a proof, or of a down that is not there, which for many migrations together is said of their database. */
const isAbout = (
  { rule, database, migration }: Finding,
  { name }: DatabaseReport,
  migrations: readonly MigrationReport[],
): boolean => {
  if (database !== name || (rule !== 'unpaired' && !RULES_WITH_EVIDENCE.includes(rule))) return false
  if (migration === undefined) return rule === 'unpaired' && migrations.some(({ proof }) => proof?.down === 'missing')
  return migrations.some(({ id }) => id === migration)
}

/** Errors that no phrase about a migration or a chain stands for. */
function otherErrors(report: Report, counting: Counting): number {
  const isTold = (finding: Finding): boolean =>
    [...counting].some(
      ([database, bad]) =>
        isAbout(finding, database, bad) ||
        (finding.database === database.name &&
          (finding.migration === undefined
            ? chainTrouble(database.chain) !== undefined
            : bad.some(({ id }) => id === finding.migration))),
    )
  return report.findings.filter((finding) => finding.level === 'error' && !isTold(finding)).length
}

function surroundingsFailed(report: Report): string {
  const [first, ...more] = [
    ...report.problems.map((problem) => problem.what),
    ...report.databases.flatMap((d) => (d.notProved === undefined ? [] : [`${d.name}: ${d.notProved}`])),
    ...report.databases.flatMap((d) =>
      d.migrations.flatMap((m) => {
        const reason = m.proof?.failure?.environment
        return reason === undefined ? [] : [`${d.name} ${m.id}: ${reason}`]
      }),
    ),
  ]
  if (first === undefined) return 'the surroundings failed'
  return more.length === 0 ? first : `${first} (and ${count(more.length)} more)`
}

/** Seven digits are what git itself shows of a commit. */
const comparedWith = ({ change }: Report): string =>
  change === undefined ? '' : `compared with ${change.branch} at ${change.base.slice(0, 7)}`

const SOURCES = { given: 'given server', local: 'on this machine', package: 'npm package' } as const

const server = (report: Report): string =>
  report.server === undefined ? '' : `PostgreSQL ${report.server.version} (${SOURCES[report.server.source]})`
