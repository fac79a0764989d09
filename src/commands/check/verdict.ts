// Counts, verdict and exit code of a check over all databases.
import { isRestored } from '../../catalog/difference.js'
import type { Finding } from '../../model/finding.js'
import { isNotReached } from '../../report/not-reached.js'
import type { Counts, DatabaseReport, MigrationReport, Report, Verdict } from '../../report/check-report.js'

/** The rule for problems that the verdict `environment` already reports. */
const ENVIRONMENT_RULE = 'environment'

const EXIT_CODES: Readonly<Record<Verdict, Report['exitCode']>> = { pass: 0, fail: 1, environment: 3 }

/** Counts over all databases. */
export function countResults(
  databases: readonly DatabaseReport[],
  findings: readonly Finding[],
  setAside: readonly Finding[],
): Counts {
  const migrations = databases.flatMap((database) => database.migrations)
  const ofLevel = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length
  return {
    databases: databases.length,
    migrations: migrations.length,
    proved: migrations.filter(isProved).length,
    errors: ofLevel('error'),
    warnings: ofLevel('warning'),
    notes: ofLevel('note'),
    waived: setAside.filter(({ waived }) => waived !== undefined).length,
    debt: setAside.filter(({ debt }) => debt === 'listed').length,
    before: setAside.filter(({ debt }) => debt === 'stood before').length,
  }
}

/** One that runs again whenever it changes has no down. */
const isProved = ({ proof }: MigrationReport): boolean =>
  proof?.up === 'ok' && (isRestored(proof.down) || proof.down === 'not run') && isRestored(proof.again)

/**
 * `fail` (exit code 1) when a finding is as bad as `failOn`; otherwise `environment` (3) when a proof was not possible for
 * a reason outside of the migrations; otherwise `pass` (0).
 */
export function decideVerdict(options: {
  readonly failOn: 'error' | 'warning'
  readonly findings: readonly Finding[]
  readonly setAside: readonly Finding[]
  readonly databases: readonly DatabaseReport[]
}): Pick<Report, 'verdict' | 'exitCode'> {
  const { failOn, findings, setAside, databases } = options
  const bad = findings.some(({ level, rule }) => {
    return level === 'error' || (level === 'warning' && failOn === 'warning' && rule !== ENVIRONMENT_RULE)
  })
  const unproved = (database: DatabaseReport): boolean =>
    hasEnvironmentProblem(database) || followsOlder(database, setAside) || database.migrations.some(isNotReached)
  const verdict = bad ? 'fail' : databases.some(unproved) ? 'environment' : 'pass'
  return { verdict, exitCode: EXIT_CODES[verdict] }
}

/** What the base shows as well is no problem of the change. */
const hasEnvironmentProblem = ({ notProved, migrations, chain }: DatabaseReport): boolean =>
  notProved !== undefined ||
  (chain?.failure?.environment !== undefined && chain.before !== true) ||
  migrations.some(({ proof, before }) => proof?.failure?.environment !== undefined && before !== true)

/** Rules about an up that has no effect here. */
const CAUSES = new Set(['up-fails', 'unparsable'])

/** A migration of the change that is not judged because of an older failure: nothing else fails the run for it. */
const followsOlder = ({ name, migrations }: DatabaseReport, setAside: readonly Finding[]): boolean =>
  migrations.some(
    ({ proof, before }) =>
      before !== true &&
      setAside.some(
        ({ debt, database, migration, rule }) =>
          debt === 'stood before' &&
          database === name &&
          CAUSES.has(rule) &&
          migration !== undefined &&
          migration === proof?.failure?.follows,
      ),
  )
