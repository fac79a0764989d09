// The snapshot of a scratch database as the steps leave it, and the changes since a checkpoint.
import type { Difference } from '../catalog/difference.js'
import type { Fates, Identities, Identity, IdentityChange } from '../catalog/identity.js'
import type { Snapshot, SnapshotChange } from '../catalog/snapshot.js'
import { differencesIn, fatesIn, type UpChange } from '../catalog/up-effect.js'

/** A state to compare with: the earlier documents and identities of the object groups (units) that changed since. */
export type Checkpoint = {
  readonly before: Map<string, string | undefined>
  readonly was: Map<string, Identity | undefined>
}

export class SnapshotTracker {
  #now: Map<string, string>
  #identities: Map<string, Identity>
  #moments: Checkpoint[] = []

  constructor(snapshot: Snapshot, identities: Identities) {
    this.#now = new Map(snapshot)
    this.#identities = new Map(identities)
  }

  /** Another database replaces the first; its checkpoints are void. */
  restartFrom(snapshot: Snapshot, identities: Identities): void {
    this.#now = new Map(snapshot)
    this.#identities = new Map(identities)
    this.#moments = []
  }

  get now(): Snapshot {
    return this.#now
  }

  apply(change: SnapshotChange, identities: IdentityChange): void {
    for (const [unit, identity] of identities) {
      const old = this.#identities.get(unit)
      if (old === identity) continue
      for (const { was } of this.#moments) if (!was.has(unit)) was.set(unit, old)
      if (identity === undefined) this.#identities.delete(unit)
      else this.#identities.set(unit, identity)
    }
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
    const moment: Checkpoint = { before: new Map(), was: new Map() }
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

  /** What differs now from the checkpoint: documents, and objects under the name of others. */
  changeSince({ before, was }: Checkpoint): UpChange {
    const documents = [...before].filter(([unit, document]) => this.#now.get(unit) !== document)
    const others = [...was].filter(([unit, identity]) => this.#identities.get(unit) !== identity)
    const units = new Set([...documents, ...others].map(([unit]) => unit))
    const now = new Map([...units].map((unit) => [unit, this.#now.get(unit)] as const))
    const identities = new Map([...units].map((unit) => [unit, this.#identities.get(unit)] as const))
    return {
      before: new Map([...now, ...documents]),
      after: now,
      identities: { before: new Map([...identities, ...others]), after: identities },
    }
  }

  /** The differences between the checkpoint and now. */
  since(moment: Checkpoint): readonly Difference[] {
    return differencesIn(this.changeSince(moment))
  }

  /** What became of the objects of the checkpoint. */
  fatesSince(moment: Checkpoint): Fates {
    return fatesIn(this.changeSince(moment))
  }
}
