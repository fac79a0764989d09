// Runs the migrations before the scope without a proof, so that the judged ones meet their state.
import { stopIfCancelled } from '../model/errors.js'
import type { Migration } from '../model/migration.js'
import type { MigrationReport } from '../report/check-report.js'
import { runUps } from './step.js'
import { judgeProof, noteStep } from './judge-proof.js'
import { appliedReports, reportGroup } from './migration-report.js'
import type { ObjectLedger } from './object-ledger.js'
import type { WorkingCopy } from './scratch-copies.js'

/** `ledger` knows which of them ran: later migrations may fail because of the others. */
export type EarlierRuns = { readonly reports: readonly MigrationReport[]; readonly ledger: ObjectLedger }

/** Every up has run; a code migration has no up that could run. */
export function allApplied(migrations: readonly Migration[], ledger: ObjectLedger): EarlierRuns {
  for (const migration of migrations) noteStep(migration, ledger)
  return { reports: appliedReports(migrations), ledger }
}

/**
 * Runs each up, also after a failure of earlier ones; the reports contain the failures. No down is tried: the change
 * under review does not affect whether an earlier down is right.
 */
export async function runEarlier(
  place: WorkingCopy,
  groups: readonly (readonly Migration[])[],
  { ledger, signal }: { readonly ledger: ObjectLedger; readonly signal: AbortSignal },
): Promise<EarlierRuns> {
  const earlier: MigrationReport[] = []
  for (const group of groups) {
    stopIfCancelled(signal)
    const runnable = group.filter(({ up }) => up !== undefined)
    const others = group.filter(({ up }) => up === undefined)
    for (const migration of others) noteStep(migration, ledger)
    earlier.push(...appliedReports(others))
    const failed = runnable.length === 0 ? undefined : await runUps(place, runnable)
    if (failed === undefined) {
      for (const migration of runnable) noteStep(migration, ledger)
      earlier.push(...appliedReports(runnable))
      continue
    }
    const proof = judgeProof(failed, runnable, ledger)
    const reports = reportGroup(runnable, { proof, change: undefined }, { scope: undefined, touched: () => false })
    earlier.push(...reports.map((report) => ({ ...report, scope: 'applied' as const })))
  }
  return { reports: earlier, ledger }
}
