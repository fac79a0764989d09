// Counts, verdict and exit code of a check over all databases.
import { isRestored } from '../../catalog/difference.js'
import type { Finding } from '../../model/finding.js'
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
  readonly databases: readonly DatabaseReport[]
}): Pick<Report, 'verdict' | 'exitCode'> {
  const { failOn, findings, databases } = options
  const bad = findings.some(({ level, rule }) => {
    return level === 'error' || (level === 'warning' && failOn === 'warning' && rule !== ENVIRONMENT_RULE)
  })
  const verdict = bad ? 'fail' : databases.some(hasEnvironmentProblem) ? 'environment' : 'pass'
  return { verdict, exitCode: EXIT_CODES[verdict] }
}

const hasEnvironmentProblem = ({ notProved, migrations, chain }: DatabaseReport): boolean =>
  notProved !== undefined ||
  chain?.failure?.environment !== undefined ||
  migrations.some(({ proof }) => proof?.failure?.environment !== undefined)
