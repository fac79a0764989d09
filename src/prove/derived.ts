// An up whose down is derived from its effect: up, derive, down, up, with the catalogue compared after each.
import { compareSnapshots } from '../catalog/compare-snapshots.js'
import type { Fates } from '../catalog/identity.js'
import type { Script } from '../model/migration.js'
import { sameness, type Difference, type Sameness } from '../catalog/difference.js'
import type { ScriptFailure } from '../report/check-report.js'
import type { Snapshot } from '../catalog/snapshot.js'
import type { WorkingCopy } from './scratch-copies.js'

/**
 * The effect of the up: the catalogue on both sides of it, what became of its objects, and whether it wrote rows of
 * existing tables.
 */
export type Effect = {
  readonly before: Snapshot
  readonly after: Snapshot
  readonly fates: Fates
  readonly rows: 'moved' | 'still'
}

/**
 * `down` and `again` as in a proof; `failure` is that of the script named by `failed`. `differences` are those after the
 * down, or after the second up where the down was right.
 */
export type DerivedProof = {
  readonly down: Sameness | 'failed' | 'not run'
  readonly again: Sameness | 'failed' | 'skipped'
  readonly failed: 'up' | 'down' | 'again' | undefined
  readonly failure: ScriptFailure | undefined
  readonly differences: readonly Difference[]
}

/**
 * Leaves the working copy as it is after the up alone, or as before when the up fails. `derive` gives the down. Rejects
 * only when the server is gone.
 */
export async function proveDerived(
  place: WorkingCopy,
  up: Script,
  derive: (effect: Effect) => Script,
): Promise<DerivedProof> {
  const { tracker } = place
  const nothing: DerivedProof = {
    down: 'not run',
    again: 'skipped',
    failed: undefined,
    failure: undefined,
    differences: [],
  }
  const before = new Map(tracker.now)
  const moment = tracker.remember()
  const first = await place.run(up, 'up').finally(() => tracker.forget(moment))
  if (!first.ok) {
    if (first.state === 'partial') await place.restore()
    return { ...nothing, failed: 'up', failure: first.failure }
  }
  place.keep([up])
  const after = new Map(tracker.now)
  const fates = tracker.fatesSince(moment)
  const down = derive({ before, after, fates, rows: first.rows })
  const proof = await proveBack(place, { up, down, before, after, nothing })
  const isWhole = proof.down === 'same' && proof.again === 'same' && first.rows === 'still'
  if (!isWhole) await place.restore()
  return proof
}

async function proveBack(
  place: WorkingCopy,
  {
    up,
    down,
    before,
    after,
    nothing,
  }: { up: Script; down: Script; before: Snapshot; after: Snapshot; nothing: DerivedProof },
): Promise<DerivedProof> {
  const back = await place.run(down, 'down')
  if (!back.ok) return { ...nothing, down: 'failed', failed: 'down', failure: back.failure }
  const differences = compareSnapshots(before, place.tracker.now)
  const word = sameness(differences)
  if (word === 'differs') return { ...nothing, down: word, differences }
  const second = await place.run(up, 'up')
  if (!second.ok)
    return { ...nothing, down: word, again: 'failed', failed: 'again', failure: second.failure, differences }
  const againDifferences = compareSnapshots(after, place.tracker.now)
  const again = sameness(againDifferences)
  return { ...nothing, down: word, again, differences: word === 'same' ? againDifferences : differences }
}
