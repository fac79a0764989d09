// Turns the proofs of migrations into their reports.
import type { Difference } from '../catalog/difference.js'
import { differencesOf } from '../catalog/up-effect.js'
import type { Migration } from '../model/migration.js'
import type { MigrationReport, Proof } from '../report/check-report.js'
import { reportOf } from './migration-report.js'
import type { StepResult } from './step.js'
import { excused } from './migration-report.js'

/** `scope` as in `ProveOptions`: undefined where all is proved. */
export type ReportScope = {
  readonly scope: number | undefined
  readonly touched: (migration: Migration) => boolean
}

/** A migration in the scope, where there is one. */
export const provedReport = (
  migration: Migration,
  result: Partial<StepResult> | undefined,
  { scope, touched }: ReportScope,
): MigrationReport => ({
  ...reportOf(migration, result?.proof, { touched: touched(migration), does: effectsIn(migration, result, touched) }),
  ...(scope !== undefined && { scope: 'proved' as const }),
})

/** The effects of the up, for the report of a migration that the change touches. */
const effectsIn = (
  migration: Migration,
  result: Partial<StepResult> | undefined,
  touched: ReportScope['touched'],
): readonly Difference[] => (result?.change === undefined || !touched(migration) ? [] : differencesOf(result.change))

/** The migrations that were only run. */
export const appliedReports = (migrations: readonly Migration[]): readonly MigrationReport[] =>
  migrations.map((migration) => ({ ...reportOf(migration, undefined, { touched: false }), scope: 'applied' }))

/** A failure that may follow from `failed`, or from `unjudged`, which this server could not run. */
export function judged(proof: Proof, unjudged: string | undefined, failed: string | undefined): Proof {
  if (proof.failure === undefined) return proof
  const failure = excused(proof.failure, unjudged)
  const reason =
    proof.up === 'failed' && failed !== undefined ? `may follow from ${failed}, whose up failed` : proof.reason
  return { ...proof, failure, reason }
}

/** The result applies to every member of a group; the differences and effects appear at the last one. */
export function reportGroup(
  group: readonly Migration[],
  { proof, change }: StepResult,
  reported: ReportScope,
): readonly MigrationReport[] {
  const last = group.at(-1)
  if (last === undefined) return []
  const others = group.slice(0, -1).map((migration) =>
    provedReport(
      migration,
      {
        proof: {
          ...proof,
          differences: [],
          againDifferences: [],
          failure: undefined,
          milliseconds: 0,
          toldAt: last.id,
        },
      },
      reported,
    ),
  )
  return [...others, provedReport(last, { proof, change }, reported)]
}
