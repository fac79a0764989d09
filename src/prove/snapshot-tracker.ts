// The snapshot of a scratch database as the steps leave it, and what changed since a checkpoint.
import { compareSnapshots } from '../catalog/diff.js'
import type { Difference } from '../catalog/difference.js'
import type { Snapshot, SnapshotChange } from '../catalog/snapshot.js'

/** A state to compare with: the documents as they were, of the object groups (units) that changed since. */
export type Checkpoint = { readonly before: Map<string, string | undefined> }

export class SnapshotTracker {
  #now: Map<string, string>
  #moments: Checkpoint[] = []

  constructor(snapshot: Snapshot) {
    this.#now = new Map(snapshot)
  }

  /** Another database takes the place of the first; its checkpoints are void. */
  restartFrom(snapshot: Snapshot): void {
    this.#now = new Map(snapshot)
    this.#moments = []
  }

  get now(): Snapshot {
    return this.#now
  }

  apply(change: SnapshotChange): void {
    for (const [unit, document] of change) {
      const old = this.#now.get(unit)
      if (old === document) continue
      for (const { before } of this.#moments) if (!before.has(unit)) before.set(unit, old)
      if (document === undefined) this.#now.delete(unit)
      else this.#now.set(unit, document)
    }
  }

  /** From now on changes are recorded for the checkpoint, until `forget`. */
  remember(): Checkpoint {
    const moment: Checkpoint = { before: new Map() }
    this.#moments.push(moment)
    return moment
  }

  /** Goes on with a checkpoint: only for one whose state is there again. */
  resume(moment: Checkpoint): void {
    this.#moments.push(moment)
  }

  forget(moment: Checkpoint): void {
    const at = this.#moments.indexOf(moment)
    if (at !== -1) this.#moments.splice(at, 1)
  }

  /** The whole snapshot of a checkpoint that is not forgotten. */
  at({ before }: Checkpoint): Snapshot {
    const snapshot = new Map(this.#now)
    for (const [unit, document] of before) {
      if (document === undefined) snapshot.delete(unit)
      else snapshot.set(unit, document)
    }
    return snapshot
  }

  /** What differs now from the checkpoint. */
  since({ before }: Checkpoint): readonly Difference[] {
    const units = [...before].filter(([unit, document]) => this.#now.get(unit) !== document).map(([unit]) => unit)
    if (units.length === 0) return []
    return compareSnapshots(new Map(present(before)), this.#now, units)
  }
}

const present = (before: ReadonlyMap<string, string | undefined>): [string, string][] =>
  [...before].flatMap(([unit, document]) => (document === undefined ? [] : [[unit, document] as [string, string]]))
