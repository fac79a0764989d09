// The known catalogue of a database, by OID, so that a rename is recognised as one.
import type { Identities, Identity, IdentityChange } from '../../../catalog/identity.js'
import type { Snapshot, SnapshotChange } from '../../../catalog/snapshot.js'

/**
 * A line of gate_all, gate_change or gate_dependents (see catalog/change.ts). `numbers` are those of the columns of a
 * relation, in their order (`1,2,5`).
 */
export type CatalogRow = {
  readonly class: string
  readonly id: string
  readonly unit: string | null
  readonly document: string | null
  readonly numbers: string
}

/** `renamed` are objects with a new name. Others mention them by name, so these dependents print differently. */
export type AppliedRows = {
  readonly change: SnapshotChange
  readonly renamed: readonly CatalogRow[]
}

type Known = { readonly unit: string; readonly document: string; readonly numbers: string }

/** Parts that few relations have, by sort; see catalog/relation.ts. */
const RELATION_PARTS = {
  triggers: /\["trigger", /,
  comments: /\["comment", /,
  others:
    /\["(?:rule|policy)", |\["comment", "(?:index|table constraint|trigger|rule|policy) |"(?:parents|toast_options)": /,
}
export type RelationPart = keyof typeof RELATION_PARTS
const SORTS: readonly RelationPart[] = ['triggers', 'comments', 'others']

/** Names up to this many relations one by one. If more have a part, reads all. */
const MOST = 200

/** Mutable, owned by one scratch database. */
export class CatalogState {
  #known = new Map<string, Known>()
  /** The key in `#known` by object group. */
  #keys = new Map<string, string>()
  #domains = new Set<string>()
  #held: Readonly<Record<RelationPart, Set<string>>> = { triggers: new Set(), comments: new Set(), others: new Set() }
  #extensions = false
  #eventTriggers = false
  newestType = '16383'
  newestRoutine = '16383'

  get domains(): readonly string[] {
    return [...this.#domains]
  }

  /** Relations that have parts of a sort, by OID; undefined when they are too many to name. */
  relationsWith(sort: RelationPart): readonly string[] | undefined {
    return this.#held[sort].size > MOST ? undefined : [...this.#held[sort]]
  }

  /** Whether an extension existed. A relation may be a member of it. */
  get extensions(): boolean {
    return this.#extensions
  }

  /** Whether an event trigger existed. It may do anything at any time. */
  get eventTriggers(): boolean {
    return this.#eventTriggers
  }

  /** Whether an object of a class (r, t, p) with this OID existed before the step. */
  knows(name: string, oid: string): boolean {
    return this.#known.has(`${name} ${oid}`)
  }

  copy(): CatalogState {
    const copy = new CatalogState()
    copy.#known = new Map(this.#known)
    copy.#keys = new Map(this.#keys)
    copy.#domains = new Set(this.#domains)
    for (const sort of SORTS) for (const oid of this.#held[sort]) copy.#held[sort].add(oid)
    copy.#extensions = this.#extensions
    copy.#eventTriggers = this.#eventTriggers
    copy.newestType = this.newestType
    copy.newestRoutine = this.newestRoutine
    return copy
  }

  /** Forgets everything, reads the rows of gate_all, and returns the difference from the earlier state. */
  replace(rows: readonly CatalogRow[]): SnapshotChange {
    const before = this.snapshot()
    const was = this.identities()
    this.#known = new Map()
    this.#keys = new Map()
    this.#domains = new Set()
    this.apply(rows)
    const after = this.snapshot()
    const change = new Map<string, string | undefined>()
    for (const unit of before.keys()) if (!after.has(unit)) change.set(unit, undefined)
    for (const [unit, document] of after) {
      if (before.get(unit) !== document || was.get(unit) !== this.#identityOf(unit)) change.set(unit, document)
    }
    return change
  }

  apply(rows: readonly CatalogRow[], renames = true): AppliedRows {
    const change = new Map<string, string | undefined>()
    const renamed: CatalogRow[] = []
    const listed = new Set(rows.map(keyOf))
    const before = new Map<string, Known>()
    for (const row of rows) {
      if (row.class === 'type mark') this.newestType = row.id
      else if (row.class === 'routine mark') this.newestRoutine = row.id
      else if (row.unit === null && row.id === '0') this.#keepOnly(row.class, listed, change)
      else this.#forget(keyOf(row), before, change)
    }
    for (const row of rows) {
      if (row.unit === null || row.document === null) continue
      const known = { unit: row.unit, document: row.document, numbers: row.numbers }
      const key = keyOf(row)
      this.#known.set(key, known)
      this.#keys.set(known.unit, key)
      if (row.class === 'r') {
        for (const sort of SORTS) if (RELATION_PARTS[sort].test(known.document)) this.#held[sort].add(row.id)
      }
      if (row.class === 'event trigger') this.#eventTriggers = true
      if (row.class === 'extension') this.#extensions = true
      if (row.document.startsWith('[["domain"')) this.#domains.add(row.id)
      change.set(known.unit, known.document)
      const old = before.get(key)
      if (old !== undefined && namesChanged(old, known, renames)) renamed.push(row)
    }
    return { change, renamed }
  }

  snapshot(): Snapshot {
    return new Map([...this.#known.values()].map(({ unit, document }) => [unit, document]))
  }

  identities(): Identities {
    return new Map([...this.#known].map(([key, { unit, numbers }]) => [unit, identity(key, numbers)]))
  }

  /** The identities of object groups as they are now. */
  identitiesOf(units: Iterable<string>): IdentityChange {
    return new Map([...units].map((unit) => [unit, this.#identityOf(unit)]))
  }

  #identityOf(unit: string): Identity | undefined {
    const key = this.#keys.get(unit)
    const known = key === undefined ? undefined : this.#known.get(key)
    return key === undefined || known === undefined ? undefined : identity(key, known.numbers)
  }

  /** The group has no object any more, or one with another key. */
  #forgetGroup(unit: string, key: string): void {
    if (this.#keys.get(unit) === key) this.#keys.delete(unit)
  }

  #forget(key: string, before: Map<string, Known>, change: Map<string, string | undefined>): void {
    const old = this.#known.get(key)
    if (old === undefined) return
    before.set(key, old)
    this.#known.delete(key)
    this.#forgetGroup(old.unit, key)
    this.#domains.delete(key.slice(2))
    if (key.startsWith('r ')) for (const sort of SORTS) this.#held[sort].delete(key.slice(2))
    change.set(old.unit, undefined)
  }

  #keepOnly(kind: string, listed: ReadonlySet<string>, change: Map<string, string | undefined>): void {
    for (const [key, { unit }] of this.#known) {
      if (!key.startsWith(`${kind} `) || listed.has(key) || !sameKind(key, kind)) continue
      this.#known.delete(key)
      this.#forgetGroup(unit, key)
      change.set(unit, undefined)
    }
  }
}

const identity = (key: string, numbers: string): Identity => (numbers === '' ? key : `${key} ${numbers}`)

const keyOf = (row: CatalogRow): string => `${row.class} ${row.id}`

/** `publication 5` is not `publication table 7`. */
const sameKind = (key: string, kind: string): boolean => /^\d+$/.test(key.slice(kind.length + 1))

/**
 * Whether others may print differently: the group has another name, or it is a type, whose labels others print. Or a
 * part of it vanished and another appeared. If the script says RENAME (`renames`), any change counts: columns may have
 * swapped their names, or got the name of a dropped one.
 */
function namesChanged(old: Known, now: Known, renames: boolean): boolean {
  if (old.unit !== now.unit) return true
  if (old.document === now.document) return false
  if (renames || now.unit.startsWith('type ')) return true
  const names = (document: string): Set<string> =>
    new Set((JSON.parse(document) as [string, string][]).map(([kind, identity]) => `${kind} ${identity}`))
  const was = names(old.document)
  const is = names(now.document)
  return [...was].some((name) => !is.has(name)) && [...is].some((name) => !was.has(name))
}
