// The snapshot of a scratch database as the steps leave it, and the changes since a checkpoint.
import type { Difference } from '../catalog/difference.js'
import type { Snapshot, SnapshotChange } from '../catalog/snapshot.js'
import { differencesOf, type UpChange } from '../catalog/up-effect.js'

/** A state to compare with: the earlier documents of the object groups (units) that changed since. */
export type Checkpoint = { readonly before: Map<string, string | undefined> }

export class SnapshotTracker {
  #now: Map<string, string>
  #moments: Checkpoint[] = []

  constructor(snapshot: Snapshot) {
    this.#now = new Map(snapshot)
  }

  /** Another database replaces the first; its checkpoints are void. */
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

  /** Continues a checkpoint: only after its state was restored. */
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

  /** The documents that differ now from the checkpoint. */
  changeSince({ before }: Checkpoint): UpChange {
    const changed = [...before].filter(([unit, document]) => this.#now.get(unit) !== document)
    return { before: new Map(changed), after: new Map(changed.map(([unit]) => [unit, this.#now.get(unit)])) }
  }

  /** The differences between the checkpoint and now. */
  since(moment: Checkpoint): readonly Difference[] {
    return differencesOf(this.changeSince(moment))
  }
}
