// Watches the migrations of the scope, after their proof, in a database as it was before the first of them.
import { notWatched } from '../impact/not-watched.js'
import type { MigrationImpact } from '../impact/facts.js'
import { stopIfCancelled, UserError } from '../model/errors.js'
import type { Migration } from '../model/migration.js'
import type { MigrationReport } from '../report/check-report.js'
import type { ScratchEnvironment, Scratch } from '../ports/scratch.js'
import type { Watch } from '../ports/watch.js'

/**
 * `base`: the state before the first migration; it is dropped at the end. `deploy`: `together` where they are deployed in one
 * go, so that what the first one makes is new for all of them. `reports`: those of the proof.
 */
export type WatchOptions = {
  readonly environment: ScratchEnvironment
  readonly base: Scratch
  readonly migrations: readonly Migration[]
  readonly reports: readonly MigrationReport[]
  readonly deploy: 'together' | 'one by one'
  readonly signal: AbortSignal
}

/**
 * The facts by migration id. Nothing that happens here changes the results of the proof: what cannot be watched is not judged.
 * Rejects only where the run was cancelled.
 */
export async function watchScope(options: WatchOptions): Promise<ReadonlyMap<string, MigrationImpact>> {
  const impacts = new Map<string, MigrationImpact>()
  try {
    const watch = await options.environment.watch(options.base)
    try {
      await watchAll(watch, options, impacts)
    } finally {
      await watch.close()
      await options.base.drop()
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'environment') throw error
    for (const { id, up } of options.migrations) {
      if (up !== undefined && !impacts.has(id)) impacts.set(id, { up: notWatched(error.message) })
    }
  }
  stopIfCancelled(options.signal)
  return impacts
}

async function watchAll(
  watch: Watch,
  { migrations, reports, deploy, signal }: WatchOptions,
  impacts: Map<string, MigrationImpact>,
): Promise<void> {
  const proofs = new Map(reports.map(({ id, proof }) => [id, proof]))
  let stopped: string | undefined
  for (const { id, up, down } of migrations) {
    stopIfCancelled(signal)
    if (up === undefined) continue
    if (stopped !== undefined) {
      impacts.set(id, { up: notWatched(stopped) })
      continue
    }
    if (deploy === 'one by one') await watch.remember()
    const proof = proofs.get(id)
    const upFails = proof?.up === 'failed'
    const { impact, applied } = await watch.step({ up, down: proof?.down === 'failed' ? undefined : down, upFails })
    impacts.set(id, impact)
    if (!applied && !upFails) stopped = `the state behind ${id} is not known`
  }
}
