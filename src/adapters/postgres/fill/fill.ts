// Fills tables of a scratch database with made-up rows: the same on every run.
import type { RowKind } from '../../../ports/scratch.js'
import type { Session } from '../session.js'
import { attempt, inTime, read, type Asking } from './attempt.js'
import { awkwardText } from './awkward.js'
import { TRIED_FORMS } from './base-values.js'
import { domainValue, satisfy } from './conditions.js'
import { countText, updateText } from './insert.js'
import { baseValueOf, plainUse, type Naturals, type Value } from './natural.js'
import { inGroups } from './order.js'
import { planFor, type Surroundings } from './plan.js'
import { refusalWords } from './refusal.js'
import { CATALOG_ONLY, fillSettings } from './settings.js'
import { fillTable, TOO_LONG } from './table.js'
import { readTables, resolve, type Table } from './tables.js'
import type { TextForm } from './text-values.js'
import { readTypes, type Type } from './types.js'

/**
 * `kind`: rows that a constraint refuses are left out of awkward ones. `tables`: OIDs as text, or names as regclass reads them; ask for all that a scope touches at once, so that keys between them are
 * set. `rows`: of each table; of a partitioned one, of up to eight partitions each. `form`: of text, where a program casts it.
 * `patience`: milliseconds that one statement may take, 5,000 by default. `awkward` adds to asked tables that have rows as well, so ask only for those whose rows are made up.
 */
export type FillRequest = {
  readonly tables: readonly string[]
  readonly rows: number
  readonly kind: RowKind
  readonly form?: TextForm
  readonly patience?: number
}

/** As long as one statement may take, in milliseconds. */
const PATIENCE = 5_000

/**
 * A table that was asked for, a partition of it, or a parent that its keys need. `relation` as a client writes it. `rows` that it has
 * now, which may be more than asked; `added` of them are made up by this fill. `why`: a clause without values that says why it has
 * none, or fewer than asked; never for a table that had rows.
 */
export type Filled = {
  readonly oid: string
  readonly relation: string
  readonly rows: number
  readonly added: number
  readonly why?: string
}

type Filling = Pick<Session, 'send' | 'inTransaction'>

/**
 * In the open transaction of the caller, or in one of its own. A table that has rows is left alone; one that takes none is reported, and
 * never an error. Rejects only where the connection is lost, or the caller's transaction has failed.
 */
export async function fillTables(session: Filling, request: FillRequest): Promise<readonly Filled[]> {
  if (request.tables.length === 0) return []
  if (session.inTransaction()) return fillInside(session, request)
  await session.send('BEGIN')
  try {
    return await fillInside(session, request)
  } finally {
    await session.send('COMMIT')
  }
}

async function fillInside(session: Asking, request: FillRequest): Promise<readonly Filled[]> {
  const patience = request.patience ?? PATIENCE
  const settings = await fillSettings(session, patience)
  try {
    const asked = await resolve(session, request.tables)
    const unknown = [...asked]
      .filter(([, oid]) => oid === null)
      .map(([name]): Filled => ({ oid: '', relation: name, rows: 0, added: 0, why: 'there is no such table' }))
    await read(session, CATALOG_ONLY)
    const tables = await readTables(
      session,
      [...asked.values()].filter((oid) => oid !== null),
    )
    const types = await readTypes(session, [
      ...new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type))),
    ])
    await read(session, settings.begin)
    const solved = new Map<string, Value>()
    const naturals: Naturals = { types, form: request.form ?? 'text', solved }
    await solveTypes(session, { naturals, patience }, solved)
    const filled = await new Filler(
      session,
      { ...request, patience, named: new Set(asked.values()) },
      { naturals, unchecked: settings.unchecked },
    ).fill(tables)
    return [...filled, ...unknown]
  } finally {
    await settings.restore()
  }
}

/** Values of domains with checks, innermost first, and of types whose input form is not known. */
async function solveTypes(
  session: Asking,
  { naturals, patience }: { readonly naturals: Naturals; readonly patience: number },
  solved: Map<string, Value>,
): Promise<void> {
  const depth = (type: Type): number => {
    const base = naturals.types.get(type.base?.type ?? '')
    return base === undefined ? 0 : 1 + depth(base)
  }
  for (const type of [...naturals.types.values()].sort((a, b) => depth(a) - depth(b))) {
    const value = await inTime(session, patience, async (limited) => {
      if (type.kind === 'd' && type.checks.length > 0)
        return domainValue(limited, naturals, plainUse(naturals.types, type.oid))
      return type.kind === 'b' && type.element === null && baseValueOf(type) === undefined
        ? triedValue(limited, type)
        : undefined
    })
    if (value !== undefined) solved.set(type.oid, value)
  }
}

/** The first form that the type's input function takes. */
async function triedValue(session: Asking, { format }: Type): Promise<Value | undefined> {
  for (const sql of TRIED_FORMS) {
    const { refusal } = await attempt(
      session,
      `SELECT (${sql('s.i')})::${format} FROM (VALUES (1), (37), (1000)) AS s(i)`,
    )
    if (refusal === undefined) return { sql, kinds: Infinity }
  }
  return undefined
}

const NOT_FILLED: Readonly<Record<string, string>> = {
  v: 'a view has the rows of its query',
  m: 'a materialized view has the rows of its query',
  f: 'the rows of a foreign table are on another server',
  S: 'a sequence has no rows',
  i: 'an index has no rows',
  I: 'an index has no rows',
  c: 'a composite type has no rows',
  t: 'it belongs to the server',
}

/** One fill: what it knows of the tables so far. */
class Filler {
  private readonly counts = new Map<string, number>()
  private readonly whys = new Map<string, string>()
  private readonly session: Asking
  private readonly request: FillRequest & { readonly patience: number }
  private readonly named: ReadonlySet<string | null>
  private readonly known: Pick<Surroundings, 'naturals' | 'unchecked'>
  private surroundings: Surroundings

  /** `named`: tables that were asked for themselves, not as a partition of another one. */
  constructor(
    session: Asking,
    request: FillRequest & { readonly patience: number; readonly named: ReadonlySet<string | null> },
    known: Pick<Surroundings, 'naturals' | 'unchecked'>,
  ) {
    this.session = session
    this.request = request
    this.named = request.named
    this.known = known
    this.surroundings = { ...known, tables: new Map(), counts: this.counts, rows: request.rows }
  }

  async fill(tables: readonly Table[]): Promise<readonly Filled[]> {
    this.surroundings = { ...this.surroundings, tables: new Map(tables.map((table) => [table.oid, table])) }
    const usable = tables.filter((table) => {
      const why = table.system ? NOT_FILLED['t'] : NOT_FILLED[table.kind]
      if (why !== undefined) this.whys.set(table.oid, why)
      if (why !== undefined) this.counts.set(table.oid, 0)
      return why === undefined
    })
    await this.countRows(usable)
    const before = new Map(this.counts)
    const empty = usable.filter(({ oid }) => !this.counts.has(oid))
    for (const group of inGroups(empty)) await this.fillGroup(group)
    if (this.request.kind === 'awkward')
      for (const table of usable) if (table.asked && table.kind === 'r') await this.addAwkward(table)
    return tables.map(({ oid, relation }) => {
      const why = this.whys.get(oid)
      const rows = this.counts.get(oid) ?? 0
      return { oid, relation, rows, added: rows - (before.get(oid) ?? 0), ...(why === undefined ? {} : { why }) }
    })
  }

  /** Of those that have any. A partition is left alone where another one of its tree has rows, unless it is asked for. */
  private async countRows(tables: readonly Table[]): Promise<void> {
    if (tables.length === 0) return
    const counts = tables.map((table) => `(${table.kind === 'p' ? countOfTree(table) : countText(table)})`)
    const answer = await this.inTime((session) => attempt(session, `SELECT ${counts.join(', ')}`))
    const counted = answer !== undefined && answer.refusal === undefined
    for (const [at, { oid }] of tables.entries()) {
      const count = counted ? Number(answer.rows[0]?.[at]) : 0
      if (count > 0 || !counted) this.counts.set(oid, count)
      if (!counted) this.whys.set(oid, answer?.refusal === undefined ? TOO_LONG : refusalWords(answer.refusal))
    }
    const trees = new Set(
      tables.filter(({ kind, oid }) => kind === 'p' && this.counts.has(oid)).map(({ root }) => root),
    )
    for (const { oid, partition, root } of tables) {
      if (!partition || !trees.has(root) || this.counts.has(oid) || this.named.has(oid)) continue
      this.counts.set(oid, 0)
      this.whys.set(oid, 'other partitions of its table have rows')
    }
  }

  /** Tables that refer to each other get their rows together, or not at all where a needed key cannot be set. */
  private async fillGroup(group: readonly Table[]): Promise<void> {
    await this.session.send('SAVEPOINT fill_group')
    const waiting: { readonly table: Table; readonly key: Table['foreignKeys'][number] }[] = []
    for (const table of group.filter(({ kind }) => kind === 'r')) {
      const { rows, plan, obstacle } = await fillTable(this.session, table, this.surroundings, this.request.patience)
      this.counts.set(table.oid, rows)
      if (obstacle !== undefined) this.whys.set(table.oid, obstacle)
      if (rows > 0) waiting.push(...(plan?.postponed ?? []).map((key) => ({ table, key })))
    }
    for (const table of group.filter(({ kind }) => kind === 'p')) await this.countTree(table)
    const failed = []
    for (const { table, key } of waiting) if (!(await this.setKey(table, key)) && !key.nullable) failed.push(key)
    if (failed.length > 0) {
      await this.session.send('ROLLBACK TO SAVEPOINT fill_group')
      for (const { oid } of group) {
        this.counts.set(oid, 0)
        this.whys.set(
          oid,
          `its rows and those of other tables need each other (${failed.map(({ name }) => name).join(', ')})`,
        )
      }
    }
    await this.session.send('RELEASE SAVEPOINT fill_group')
  }

  private async setKey(table: Table, key: Table['foreignKeys'][number]): Promise<boolean> {
    const parent = this.surroundings.tables.get(key.parent)
    if (parent === undefined || (this.counts.get(key.parent) ?? 0) === 0) return false
    const answer = await this.inTime((session) => attempt(session, updateText(table, key, parent)))
    return answer !== undefined && answer.refusal === undefined
  }

  private async countTree(table: Table): Promise<void> {
    const [[count] = []] = await read(this.session, countOfTree(table))
    this.counts.set(table.oid, Number(count))
    if (Number(count) === 0) this.whys.set(table.oid, 'none of its partitions takes made-up rows')
  }

  private async addAwkward(table: Table): Promise<void> {
    if ((this.counts.get(table.oid) ?? 0) === 0) return
    const natural = planFor(table, this.surroundings)
    if ('obstacle' in natural) return
    const answer = await this.inTime(async (session) => {
      const plan = await satisfy(session, natural, this.surroundings)
      const text = 'obstacle' in plan ? undefined : awkwardText(plan, this.known.naturals)
      return text === undefined ? undefined : attempt(session, `${text}; ${countText(table)}`)
    })
    if (answer !== undefined && answer.refusal === undefined) this.counts.set(table.oid, Number(answer.rows[0]?.[0]))
  }

  private inTime<T>(body: (session: Asking) => Promise<T>): Promise<T | undefined> {
    return inTime(this.session, this.request.patience, body)
  }
}

const countOfTree = ({ name }: Table): string => `SELECT count(*) FROM ${name}`
