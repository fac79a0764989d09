// The rows that a watch puts into tables which have none.
import type { Session } from '../session.js'
import { SMALL_TABLE } from '../../../impact/facts.js'
import type { RowSource } from '../../../impact/facts.js'
import { fillTables, type FillRequest } from '../fill/fill.js'
import { countRows, qualified, type OldRelation } from './old-relations.js'
import type { KnownRows } from './facts.js'

/** Fills tables and remembers which ones. */
export class MadeUpRows {
  readonly #session: Session
  readonly #isSuperuser: boolean
  /** By OID, the name of each table that holds made-up rows. */
  readonly #filled = new Map<string, string>()
  /** Why a table has none, by OID. */
  readonly #why = new Map<string, string>()

  constructor(session: Session, isSuperuser: boolean) {
    this.#session = session
    this.#isSuperuser = isSuperuser
  }

  /** The rows of the tables, after those without any were filled. */
  async fill(tables: readonly OldRelation[], form?: FillRequest['form']): Promise<KnownRows> {
    const holding = tables.filter(({ kind }) => HOLDS_ROWS.has(kind))
    const rows = new Map(await countRows(this.#session, holding))
    const empty = holding.filter(
      ({ oid, kind }) => kind !== 'materialized view' && rows.get(oid) === 0 && !this.#why.has(oid),
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

  #known(rows: ReadonlyMap<string, number>): KnownRows {
    return { rows, sources: new Map([...rows].map(([oid, count]) => [oid, this.#sourceOf(oid, count)] as const)) }
  }

  #sourceOf(oid: string, rows: number): { readonly source: RowSource; readonly why?: string } {
    const why = this.#why.get(oid)
    const source = this.#filled.has(oid) ? 'made up' : rows > 0 ? 'migrations' : 'none'
    return { source, ...(why !== undefined && { why }) }
  }

  isFilled(oid: string): boolean {
    return this.#filled.has(oid)
  }

  has(tables: readonly OldRelation[]): boolean {
    return tables.some(({ oid }) => this.#filled.has(oid))
  }

  /** Adds awkward rows to the made-up ones of these tables, in the open transaction of another session. */
  async addAwkward(session: Session, tables: readonly OldRelation[]): Promise<void> {
    const made = tables.filter(({ oid }) => this.#filled.has(oid))
    await fillTables(session, { tables: made.map(({ oid }) => oid), rows: SMALL_TABLE, kind: 'awkward' })
  }

  /** Takes all made-up rows away again. */
  async remove(): Promise<void> {
    if (this.#filled.size === 0) return
    const replica = this.#isSuperuser ? 'SET LOCAL session_replication_role = replica;' : ''
    const names = [...this.#filled.values()].map(qualified)
    await this.#session.send(`BEGIN;${replica}${names.map((name) => `DELETE FROM ${name};`).join('')}COMMIT`)
    this.#filled.clear()
  }
}

export const HOLDS_ROWS = new Set<OldRelation['kind']>(['table', 'partitioned table', 'materialized view'])
