// Watches the migrations of the scope, after their proof, in a database as it was before the first of them.
import { notWatched } from '../impact/not-watched.js'
import type { MigrationImpact } from '../impact/facts.js'
import { stopIfCancelled } from '../model/errors.js'
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

/** The facts by migration id. Nothing that happens here changes the results of the proof. */
export async function watchScope(options: WatchOptions): Promise<ReadonlyMap<string, MigrationImpact>> {
  const { environment, base, migrations, reports } = options
  const failed = new Set(reports.flatMap(({ id, proof }) => (proof?.up === 'failed' ? [id] : [])))
  const noDown = new Set(reports.flatMap(({ id, proof }) => (proof?.down === 'failed' ? [id] : [])))
  const impacts = new Map<string, MigrationImpact>()
  const watch = await environment.watch(base)
  let stopped: string | undefined
  try {
    for (const migration of migrations) {
      stopIfCancelled(options.signal)
      const { id, up } = migration
      if (up === undefined) continue
      if (stopped !== undefined) {
        impacts.set(id, { up: notWatched(stopped) })
        continue
      }
      if (options.deploy === 'one by one') await watch.remember()
      const upFails = failed.has(id)
      const { impact, applied } = await watched(watch, migration, { upFails, down: !noDown.has(id) })
      impacts.set(id, impact)
      if (!applied && !upFails) stopped = `${id} fails on the rows that were there`
    }
    return impacts
  } finally {
    await watch.close()
    await base.drop()
  }
}

async function watched(
  watch: Watch,
  { up, down }: Migration,
  known: { readonly upFails: boolean; readonly down: boolean },
): ReturnType<Watch['step']> {
  if (up === undefined) return { impact: {}, applied: false }
  return watch.step({ up, down: known.down ? down : undefined, upFails: known.upFails })
}
