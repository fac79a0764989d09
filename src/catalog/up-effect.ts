// The effect of an up on the catalogue, object by object, and the catalogue after it: facts of a proof for rules.
import { differencesBetween, effectsBetween } from './compare-states.js'
import { byName, content } from './compare-snapshots.js'
import type { Difference } from './difference.js'
import { fatesOf, type Fates, type IdentityChange, type State } from './identity.js'
import { type CatalogueObject, objectsOf, type Snapshot, type SnapshotChange } from './snapshot.js'

/** The documents of the object groups that an up changed, before and after it; `undefined` where the group does not exist. */
export type DocumentChange = { readonly before: SnapshotChange; readonly after: SnapshotChange }

/** The same with the identities of these groups. */
export type UpChange = DocumentChange & {
  readonly identities: { readonly before: IdentityChange; readonly after: IdentityChange }
}

/** Both sides of a change. */
const statesOf = ({ before, after, identities }: UpChange): readonly [State, State] => [
  { documents: before, identities: identities.before },
  { documents: after, identities: identities.after },
]

/** What was done, in the words of a report. */
export const effectsIn = (change: UpChange): readonly Difference[] => effectsBetween(...statesOf(change))

/** How two states differ that should be equal. */
export const differencesIn = (change: UpChange): readonly Difference[] => differencesBetween(...statesOf(change))

/** What became of the objects. */
export const fatesIn = (change: UpChange): Fates => fatesOf(...statesOf(change))

/** An object with the key of its group: `relation public.users` for that table and its columns, indexes and so on. */
export type GroupedObject = CatalogueObject & { readonly group: string }

/** An object whose definition differs. The position of a column is no part of it. */
export type ChangedObject = { readonly before: GroupedObject; readonly after: GroupedObject }

/** The effect of one up. Computed only when a rule reads it. */
export class UpEffect {
  readonly #change: DocumentChange
  readonly #documentAfter: (group: string) => string | undefined
  #objects: Compared | undefined

  constructor(change: DocumentChange, documentAfter: (group: string) => string | undefined) {
    this.#change = change
    this.#documentAfter = documentAfter
  }

  /** The objects that exist only after the up, in the order of the catalogue. */
  get made(): readonly GroupedObject[] {
    return this.#compared().made
  }

  /** The objects on both sides whose definition differs. */
  get changed(): readonly ChangedObject[] {
    return this.#compared().changed
  }

  /** The objects that exist only before the up. */
  get removed(): readonly GroupedObject[] {
    return this.#compared().removed
  }

  /** All objects of a group in the catalogue after the up, changed or not; none where the group does not exist. */
  objectsAfter(group: string): readonly CatalogueObject[] {
    return objectsOf(this.#documentAfter(group))
  }

  #compared(): Compared {
    this.#objects ??= compare(this.#change)
    return this.#objects
  }
}

type Compared = {
  readonly made: readonly GroupedObject[]
  readonly changed: readonly ChangedObject[]
  readonly removed: readonly GroupedObject[]
}

function compare({ before, after }: DocumentChange): Compared {
  const made: GroupedObject[] = []
  const changed: ChangedObject[] = []
  const removed: GroupedObject[] = []
  for (const group of [...before.keys()].sort()) {
    const from = byName(objectsOf(before.get(group)))
    const to = byName(objectsOf(after.get(group)))
    for (const [name, object] of to) {
      const old = from.get(name)
      if (old === undefined) made.push({ ...object, group })
      else if (content(old) !== content(object)) {
        changed.push({ before: { ...old, group }, after: { ...object, group } })
      }
    }
    for (const [name, object] of from) if (!to.has(name)) removed.push({ ...object, group })
  }
  return { made, changed, removed }
}

/** The effects of the ups of a chain, by the id of the migration, where the proof recorded them. */
export type UpEffects = ReadonlyMap<string, UpEffect>

/**
 * `start` is the catalogue before the first of the ups. `changes` are their changes, in the order in which they ran.
 * Documents are shared: each version of an object group is stored once for the whole chain, without full snapshots.
 */
export function effectsOf(
  start: Snapshot,
  changes: readonly { readonly id: string; readonly change: DocumentChange }[],
): UpEffects {
  let versions: ReturnType<typeof versionsOf> | undefined
  const documentAfter = (at: number, group: string): string | undefined => {
    versions ??= versionsOf(changes.map(({ change }) => change))
    const latest = versions.get(group)?.findLast((version) => version.at <= at)
    return latest === undefined ? start.get(group) : latest.document
  }
  return new Map(
    changes.map(({ id, change }, at) => [id, new UpEffect(change, (group) => documentAfter(at, group))] as const),
  )
}

type Version = { readonly at: number; readonly document: string | undefined }

/** By object group, each version of its document with the position of the up that made it. */
function versionsOf(changes: readonly DocumentChange[]): ReadonlyMap<string, readonly Version[]> {
  const versions = new Map<string, Version[]>()
  for (const [at, { after }] of changes.entries()) {
    for (const [group, document] of after) {
      const known = versions.get(group)
      if (known === undefined) versions.set(group, [{ at, document }])
      else known.push({ at, document })
    }
  }
  return versions
}
