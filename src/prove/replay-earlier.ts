// What stands before the scope: run, so that what is judged meets its state, and not proved.
import { stopIfCancelled } from '../model/errors.js'
import type { Migration } from '../model/migration.js'
import type { MigrationReport } from '../report/check-report.js'
import { runUps } from './step.js'
import { judged, appliedReports, reportGroup } from './migration-reports.js'
import type { WorkingCopy } from './scratch-copies.js'

/** `unjudged` could not be run here, and `failed` failed: what comes behind may fail because of them. */
export type EarlierRuns = {
  readonly reports: readonly MigrationReport[]
  readonly unjudged: string | undefined
  readonly failed: string | undefined
}

/** Every up has run; a migration in code has none that could. */
export const allApplied = (migrations: readonly Migration[]): EarlierRuns => ({
  reports: appliedReports(migrations),
  unjudged: migrations.find(isCode)?.id,
  failed: undefined,
})

const isCode = ({ up, code }: Migration): boolean => up === undefined && code !== undefined

/**
 * Runs each up, in spite of those that fail, of which the reports tell. No down is tried: whether one is right was so before
 * what is judged, and has nothing to do with it.
 */
export async function runEarlier(
  place: WorkingCopy,
  groups: readonly (readonly Migration[])[],
  signal: AbortSignal,
): Promise<EarlierRuns> {
  const stood: MigrationReport[] = []
  let [unjudged, failed]: (string | undefined)[] = []
  for (const group of groups) {
    stopIfCancelled(signal)
    const runnable = group.filter(({ up }) => up !== undefined)
    const others = group.filter(({ up }) => up === undefined)
    unjudged ??= others.find(isCode)?.id
    failed ??= others.find(({ refused }) => refused !== undefined)?.id
    stood.push(...appliedReports(others))
    const said = runnable.length === 0 ? undefined : await runUps(place, runnable)
    if (said === undefined) {
      stood.push(...appliedReports(runnable))
      continue
    }
    const proof = judged(said, unjudged, failed)
    const reports = reportGroup(runnable, { proof, change: undefined }, { scope: undefined, touched: () => false })
    stood.push(...reports.map((report) => ({ ...report, scope: 'applied' as const })))
    if (proof.failure?.environment === undefined) failed ??= runnable.at(-1)?.id
    else unjudged ??= runnable.at(-1)?.id
  }
  return { reports: stood, unjudged, failed }
}
