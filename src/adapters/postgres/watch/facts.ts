// Collects the facts of a script while its statements run.
import type {
  Build,
  Change,
  Hold,
  LockPair,
  OldRelation as Described,
  Rewrite,
  RowSource,
  Scan,
} from '../../../impact/facts.js'
import { isAtLeast, stronger, type LockMode } from '../../../impact/lock-modes.js'
import { difference, type Counters, type SessionView } from './counters.js'
import type { BackendLocks, OldRelation } from './old-relations.js'

/** A hold while it is collected. */
type Held = { mode: LockMode; from: number; until: number | undefined; label: Hold['label'] }

/** `rows`: how many rows each old table had before the script; `sources`: whose rows they are. */
export type KnownRows = {
  readonly rows: ReadonlyMap<string, number>
  readonly sources: ReadonlyMap<string, { readonly source: RowSource; readonly why?: string }>
}

/** The facts of one script about old relations, statement by statement. */
export class FactCollector {
  readonly #known = new Map<string, OldRelation>()
  readonly #rows: KnownRows
  readonly #holds = new Map<string, Held>()
  readonly #files = new Map<string, string>()
  readonly #counters = new Map<string, Counters>()
  readonly #indexes = new Set<string>()
  readonly rewritten: Rewrite[] = []
  readonly scanned: Scan[] = []
  readonly built: Build[] = []
  readonly changed: Change[] = []
  /** The OIDs of relations of which it may have written rows. */
  readonly written = new Set<string>()

  constructor(rows: KnownRows) {
    this.#rows = rows
  }

  /**
   * Relations and all their indexes, as they are before the script. `isOld`: whether one counts; indexes of younger migrations
   * are no new ones either.
   */
  know(relations: readonly OldRelation[], isOld: (oid: string) => boolean): void {
    for (const one of relations) {
      if (this.#files.has(one.oid)) continue
      this.#files.set(one.oid, one.file)
      if (one.kind === 'index') this.#indexes.add(one.oid)
      if (isOld(one.oid)) this.#known.set(one.oid, one)
    }
  }

  knows(oid: string): boolean {
    return this.#known.has(oid)
  }

  knownOf(oid: string): OldRelation | undefined {
    return this.#known.get(oid)
  }

  /** The locks after a statement. */
  locked({ modes: locks, written }: BackendLocks, statement: number, label: Hold['label'] = 'measured'): void {
    for (const oid of written) this.written.add(oid)
    for (const [oid, mode] of locks) {
      if (!this.#known.has(oid)) continue
      const held = this.#holds.get(oid)
      if (held === undefined || (stronger(held.mode, mode) === mode && held.mode !== mode)) {
        this.#holds.set(oid, { mode, from: statement, until: undefined, label })
      } else if (held.mode === mode) held.until = undefined
    }
    for (const [oid, held] of this.#holds) {
      const now = locks.get(oid)
      if ((now === undefined || !isAtLeast(now, held.mode)) && held.until === undefined) held.until = statement
    }
  }

  /** The transaction ends after this statement: what is held to its end has no earlier end. */
  ended(last: number, isLastUnit: boolean): void {
    for (const held of this.#holds.values()) if (!isLastUnit && held.until === undefined) held.until = last
  }

  /** The work of a statement, from what its session sees after it. `locks`: what is held then. */
  worked(view: SessionView, locks: ReadonlyMap<string, LockMode>, statement: number, together: boolean): void {
    const moved = new Set<string>()
    for (const [oid, now] of view.counters) {
      const known = this.#known.get(oid)
      if (known === undefined) continue
      const under = locks.get(oid) ?? 'ACCESS SHARE'
      const rows = this.#rows.rows.get(oid) ?? 0
      const at = { relation: known.relation, rows, statement, under }
      const done = difference(now, this.#counters.get(oid))
      this.#counters.set(oid, now)
      const file = this.#files.get(oid)
      const isMoved =
        known.kind !== 'index' && now.file !== '0' && file !== undefined && file !== '0' && file !== now.file
      const isEmptied =
        isMoved &&
        known.kind === 'table' &&
        (now.size === 0 || (done.scans === 0 && done.read === 0 && done.inserted > 0))
      if (isMoved) {
        moved.add(oid)
        this.#files.set(oid, now.file)
        if (isEmptied) this.written.add(oid)
        if (isEmptied && rows > 0) {
          this.changed.push({ ...at, inserted: done.inserted, updated: 0, deleted: rows, truncated: true, together })
        } else if (!isEmptied) this.rewritten.push(at)
      }
      if (done.scans > 0 && !isEmptied) this.scanned.push({ ...at, times: done.scans, read: done.read })
      if (!isEmptied && done.inserted + done.updated + done.deleted > 0) {
        const { inserted, updated, deleted } = done
        this.written.add(oid)
        this.changed.push({ ...at, inserted, updated, deleted, together })
      }
    }
    this.#builds(view, { locks, moved, statement })
  }

  /** An index that takes over the file of another one is not built. Those of a rewritten table belong to the rewrite. */
  #builds(
    view: SessionView,
    {
      locks,
      moved,
      statement,
    }: {
      readonly locks: ReadonlyMap<string, LockMode>
      readonly moved: ReadonlySet<string>
      readonly statement: number
    },
  ): void {
    const files = new Set([...this.#files].flatMap(([oid, file]) => (this.#indexes.has(oid) ? [file] : [])))
    for (const { oid, table, name, file, unique } of view.indexes) {
      const known = this.#known.get(table)
      const before = this.#files.get(oid)
      this.#files.set(oid, file)
      const isNew = !this.#indexes.has(oid)
      this.#indexes.add(oid)
      if (known === undefined || moved.has(table) || files.has(file) || (!isNew && before === file)) continue
      this.built.push({
        relation: known.relation,
        rows: this.#rows.rows.get(table) ?? 0,
        statement,
        under: locks.get(table) ?? 'ACCESS SHARE',
        index: name,
        what: isNew ? 'built' : 'rebuilt',
        unique,
      })
    }
  }

  holds(): readonly Hold[] {
    return [...this.#holds].flatMap(([oid, { mode, from, until, label }]) => {
      const known = this.#known.get(oid)
      if (known === undefined) return []
      const { relation, kind } = known
      return [{ relation, kind, mode, from, ...(until !== undefined && { until }), label }]
    })
  }

  /** The old relations whose strongest lock is one of these. */
  lockedWith(isWanted: (mode: LockMode) => boolean): readonly OldRelation[] {
    return [...this.#holds].flatMap(([oid, { mode }]) => (isWanted(mode) ? (this.#known.get(oid) ?? []) : []))
  }

  /** The old relations of these OIDs, and the tables of the indexes among them. */
  tablesOf(oids: readonly string[]): readonly OldRelation[] {
    const found = oids.flatMap((oid) => {
      const known = this.#known.get(oid)
      return known?.kind === 'index' ? (this.#known.get(known.table) ?? []) : (known ?? [])
    })
    return [...new Set(found)]
  }

  /** Tables that are locked strongly by different statements, in the order of these. */
  pairs(): readonly LockPair[] {
    const strong = this.holds().filter(({ kind, mode }) => kind === 'table' && isAtLeast(mode, 'SHARE ROW EXCLUSIVE'))
    const inOrder = strong.toSorted((one, other) => one.from - other.from)
    return inOrder.flatMap((first, at) =>
      inOrder
        .slice(at + 1)
        .filter(({ from }) => from > first.from && (first.until === undefined || first.until > from))
        .map(({ relation, from }) => ({
          first: first.relation,
          second: relation,
          statement: from,
        })),
    )
  }

  /** The relations that the script locked, with their rows. */
  relations(): readonly Described[] {
    return [...this.#holds.keys()].flatMap((oid) => {
      const known = this.#known.get(oid)
      if (known === undefined || known.kind === 'index' || known.kind === 'sequence') return []
      const { source = 'none', why } = this.#rows.sources.get(oid) ?? {}
      const { relation, kind, root: partitionOf } = known
      return [
        {
          relation,
          kind,
          rows: this.#rows.rows.get(oid) ?? 0,
          source,
          ...(why !== undefined && { why }),
          ...(partitionOf !== undefined && { partitionOf }),
        },
      ]
    })
  }
}

/** Pairs that a foreign key joins, by their names in JSON: clients use them together. */
export const joined = (pairs: readonly LockPair[], keys: ReadonlySet<string>): readonly LockPair[] =>
  pairs.filter(
    ({ first, second }) => keys.has(JSON.stringify([first, second])) || keys.has(JSON.stringify([second, first])),
  )
