// The rows that a watch puts into tables which have none.
import type { Session } from '../session.js'
import { SMALL_TABLE, type RowSource } from '../../../impact/facts.js'
import { withSchema } from '../../../impact/relation-name.js'
import { fillTables, type FillRequest } from '../fill/fill.js'
import { countRows, HOLDS_ROWS, isTable, type OldRelation } from './old-relations.js'
import type { WatchSettings } from '../../../ports/watch.js'
import type { KnownRows } from './facts.js'

/** Fills tables and remembers which ones. */
export class MadeUpRows {
  readonly #session: Session
  readonly #isSuperuser: boolean
  readonly #kinds: WatchSettings['fill']
  /** The names of tables that have rows of the user. */
  readonly #fixtures: ReadonlySet<string>
  readonly #ofUser = new Set<string>()
  /** By OID, the name of each table that holds made-up rows. */
  readonly #filled = new Map<string, string>()
  /** Tables whose rows a script has written since: they are as it left them. */
  readonly #written = new Set<string>()
  /** Why a table has none, by OID. */
  readonly #why = new Map<string, string>()

  constructor(session: Session, isSuperuser: boolean, settings?: WatchSettings) {
    this.#session = session
    this.#isSuperuser = isSuperuser
    this.#kinds = settings?.fill ?? 'full'
    this.#fixtures = settings?.fixtures ?? new Set()
  }

  /** The rows of the tables, after those without any were filled. */
  async fill(tables: readonly OldRelation[], form?: FillRequest['form']): Promise<KnownRows> {
    const holding = tables.filter(({ kind }) => HOLDS_ROWS.has(kind))
    const rows = new Map(await countRows(this.#session, holding))
    this.#know(holding)
    if (this.#kinds === 'off') return this.#known(rows)
    const empty = holding.filter(
      (one) => isTable(one) && rows.get(one.oid) === 0 && !this.#why.has(one.oid) && !this.#written.has(one.oid),
    )
    if (empty.length > 0) {
      const request = {
        tables: empty.map(({ oid }) => oid),
        rows: SMALL_TABLE,
        kind: 'natural',
        ...(form && { form }),
      } as const
      for (const { oid, relation, rows: now, added, why } of await fillTables(this.#session, request)) {
        if (added > 0) this.#filled.set(oid, relation)
        if (now < SMALL_TABLE && why !== undefined) this.#why.set(oid, why)
        if (rows.has(oid)) rows.set(oid, now)
      }
      for (const one of empty) if ((rows.get(one.oid) ?? 0) > 0) this.#filled.set(one.oid, one.relation)
    }
    return this.#known(rows)
  }

  /** The rows of the tables as they are. */
  async count(tables: readonly OldRelation[]): Promise<KnownRows> {
    return this.#known(
      await countRows(
        this.#session,
        tables.filter(({ kind }) => HOLDS_ROWS.has(kind)),
      ),
    )
  }

  #know(tables: readonly OldRelation[]): void {
    for (const { oid, relation } of tables) if (this.#fixtures.has(withSchema(relation))) this.#ofUser.add(oid)
  }

  #known(rows: ReadonlyMap<string, number>): KnownRows {
    return { rows, sources: new Map([...rows].map(([oid, count]) => [oid, this.#sourceOf(oid, count)] as const)) }
  }

  #sourceOf(oid: string, rows: number): { readonly source: RowSource; readonly why?: string } {
    const why = this.#why.get(oid)
    const source = this.#filled.has(oid)
      ? 'made up'
      : rows === 0
        ? 'none'
        : this.#ofUser.has(oid)
          ? 'fixtures'
          : 'migrations'
    return { source, ...(why !== undefined && { why }) }
  }

  isFilled(oid: string): boolean {
    return this.#filled.has(oid)
  }

  has(tables: readonly OldRelation[]): boolean {
    return tables.some(({ oid }) => this.#filled.has(oid))
  }

  /** A script has run that may have written rows of these. */
  left(written: Iterable<string>): void {
    for (const oid of written) this.#written.add(oid)
  }

  /** The tables that awkward rows may be added to: what an earlier script has put right, they would undo. */
  untouched(tables: readonly OldRelation[]): readonly OldRelation[] {
    if (!this.triesAwkward()) return []
    return tables.filter(({ oid }) => this.#filled.has(oid) && !this.#written.has(oid))
  }

  /** Whether rows with NULL, equal ones and other unusual ones are tried. */
  triesAwkward(): boolean {
    return this.#kinds === 'full'
  }

  /** Whether the rows of this table are the user's. */
  isOfUser(relation: string | undefined): boolean {
    return relation !== undefined && this.#fixtures.has(withSchema(relation))
  }

  /** The names of those that are not, because a script has written their rows. */
  asLeft(tables: readonly OldRelation[]): readonly string[] {
    return tables.flatMap(({ oid, relation }) => (this.#filled.has(oid) && this.#written.has(oid) ? [relation] : []))
  }

  /** In the open transaction of another session. `tables` are untouched ones. */
  async addAwkward(session: Session, tables: readonly OldRelation[]): Promise<void> {
    await fillTables(session, { tables: tables.map(({ oid }) => oid), rows: SMALL_TABLE, kind: 'awkward' })
  }

  /** Takes all made-up rows away again. */
  async remove(): Promise<void> {
    if (this.#filled.size === 0) return
    const replica = this.#isSuperuser ? 'SET LOCAL session_replication_role = replica;' : ''
    const names = [...this.#filled.values()].map(withSchema)
    const sequences = `SELECT pg_catalog.setval(s.seqrelid, s.seqstart, false) FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_catalog.pg_class'::regclass
      WHERE d.refobjid = ANY ('{${[...this.#filled.keys()].join(',')}}'::oid[]);`
    await this.#session.send(
      `BEGIN;${replica}${names.map((name) => `DELETE FROM ${name};`).join('')}${sequences}COMMIT`,
    )
    this.#filled.clear()
  }
}
