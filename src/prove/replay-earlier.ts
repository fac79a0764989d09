// Runs the migrations before the scope without a proof, so that the judged ones meet their state.
import { stopIfCancelled } from '../model/errors.js'
import type { Migration } from '../model/migration.js'
import type { MigrationReport } from '../report/check-report.js'
import { runUps } from './step.js'
import { judged, appliedReports, reportGroup } from './migration-report.js'
import type { WorkingCopy } from './scratch-copies.js'

/** `unjudged` could not run here, and `failed` failed: later migrations may fail because of them. */
export type EarlierRuns = {
  readonly reports: readonly MigrationReport[]
  readonly unjudged: string | undefined
  readonly failed: string | undefined
}

/** Every up has run; a code migration has no up that could run. */
export const allApplied = (migrations: readonly Migration[]): EarlierRuns => ({
  reports: appliedReports(migrations),
  unjudged: migrations.find(isCode)?.id,
  failed: undefined,
})

const isCode = ({ up, code }: Migration): boolean => up === undefined && code !== undefined

/**
 * Runs each up, also after a failure of earlier ones; the reports contain the failures. No down is tried: the change
 * under review does not affect whether an earlier down is right.
 */
export async function runEarlier(
  place: WorkingCopy,
  groups: readonly (readonly Migration[])[],
  signal: AbortSignal,
): Promise<EarlierRuns> {
  const earlier: MigrationReport[] = []
  let [unjudged, failed]: (string | undefined)[] = []
  for (const group of groups) {
    stopIfCancelled(signal)
    const runnable = group.filter(({ up }) => up !== undefined)
    const others = group.filter(({ up }) => up === undefined)
    unjudged ??= others.find(isCode)?.id
    failed ??= others.find(({ refused }) => refused !== undefined)?.id
    earlier.push(...appliedReports(others))
    const proved = runnable.length === 0 ? undefined : await runUps(place, runnable)
    if (proved === undefined) {
      earlier.push(...appliedReports(runnable))
      continue
    }
    const proof = judged(proved, unjudged, failed)
    const reports = reportGroup(runnable, { proof, change: undefined }, { scope: undefined, touched: () => false })
    earlier.push(...reports.map((report) => ({ ...report, scope: 'applied' as const })))
    if (proof.failure?.environment === undefined) failed ??= runnable.at(-1)?.id
    else unjudged ??= runnable.at(-1)?.id
  }
  return { reports: earlier, unjudged, failed }
}
