// What each column of a table gets in the i-th row: a value, a key of a parent, NULL, or whatever the server gives.
import { identifier } from '../../../sql/quote.js'
import { naturalValue, type Naturals, type Value } from './natural.js'
import type { Column, ForeignKey, Table } from './tables.js'

/** SQL for the value in the row whose number, from 1, is the SQL `i`. */
export type Cell = (i: string) => string

/** Rows of a parent that a foreign key chooses from, one after the other. */
type Parent = {
  readonly key: ForeignKey
  readonly alias: string
  /** The table with ONLY where its children do not count. */
  readonly from: string
  /** Columns of the key that another key has chosen: the parent has to agree. */
  readonly shared: readonly string[]
  /** Without a parent there is no row. */
  readonly required: boolean
  readonly kinds: number
}

/**
 * `cells`: by column; the server fills those that are left out. `kinds`: how many different values such a column gets.
 * `strides`: as many rows in turn get the same value of a column. `postponed`: keys that are set when all rows are there.
 */
export type Plan = {
  readonly table: Table
  readonly parents: readonly Parent[]
  readonly cells: ReadonlyMap<string, Cell>
  readonly kinds: ReadonlyMap<string, number>
  readonly strides: ReadonlyMap<string, number>
  readonly postponed: readonly ForeignKey[]
}

/** Why a table gets no rows. One sentence without its end, and without values. */
export type Obstacle = { readonly obstacle: string }

export type Surroundings = {
  readonly naturals: Naturals
  readonly tables: ReadonlyMap<string, Table>
  /** Rows by OID of the table, of those that are filled or were never empty. */
  readonly counts: ReadonlyMap<string, number>
  /** Foreign keys are not checked while rows are put in. */
  readonly unchecked: boolean
  readonly rows: number
}

/** As many rows of a parent are used. */
export const PARENTS = 1_000

/** How a key is written: its columns and the parent's, as the aliases k0, k1 of a list of parents. */
export const keyAlias = (at: number): string => `k${at}`

export function planFor(table: Table, surroundings: Surroundings): Plan | Obstacle {
  const { naturals, counts, unchecked } = surroundings
  const parents: Parent[] = []
  const postponed: ForeignKey[] = []
  const cells = new Map<string, Cell>()
  const kinds = new Map<string, number>()
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  for (const key of inOrder(table.foreignKeys)) {
    if (key.columns.some((name) => columns.get(name)?.generated !== false)) continue
    const count = counts.get(key.parent)
    const waits = count === undefined
    if (!waits && count > 0) {
      const parent = parentOf(key, { surroundings, at: parents.length, cells, count })
      parents.push(parent)
      key.columns.forEach((name, at) => {
        if (parent.shared.includes(name)) return
        cells.set(name, () => `${parent.alias}.${keyAlias(at)}::${columns.get(name)?.format ?? 'text'}`)
        kinds.set(name, parent.kinds)
      })
      continue
    }
    if (!key.nullable && !(waits && unchecked))
      return {
        obstacle: `it needs rows of ${surroundings.tables.get(key.parent)?.relation ?? 'another table'}, which got none`,
      }
    if (waits) postponed.push(key)
    if (!key.nullable) continue
    for (const name of key.columns)
      if (columns.get(name)?.notNull === false && !cells.has(name))
        cells.set(name, () => `NULL::${columns.get(name)?.format ?? 'text'}`)
  }
  for (const [ordinal, column] of table.columns.entries()) {
    if (cells.has(column.name) || column.generated || column.numbered) continue
    const value = naturalValue(naturals, column)
    if ('unknown' in value) return { obstacle: `its column ${column.name} has the unknown type ${value.unknown}` }
    cells.set(column.name, naturalCell(value, { table, column, ordinal, surroundings }))
    kinds.set(column.name, value.kinds)
  }
  return { table, parents, cells, kinds, postponed, strides: stridesFor({ table, kinds }, surroundings.rows) }
}

/**
 * Columns of one type have the same values in all tables, as if one referred to the other: a foreign key that a migration adds finds its
 * parents. But later columns of moments are later.
 */
function naturalCell(
  { sql }: Value,
  at: { readonly table: Table; readonly column: Column; readonly ordinal: number; readonly surroundings: Surroundings },
): Cell {
  const { naturals, rows } = at.surroundings
  const name = naturals.types.get(at.column.type)?.name ?? ''
  if (['date', 'timestamp', 'timestamptz'].includes(name)) return (i) => sql(`(${i} + ${at.ordinal})`)
  if (at.table.uniqueKeys.some(({ columns }) => columns.includes(at.column.name))) return sql
  return (i) => sql(`(1 + (${i} - 1) % ${rows})`)
}

/** Keys of many columns first, then those that are needed: they decide about the columns that others share. */
const inOrder = (keys: readonly ForeignKey[]): readonly ForeignKey[] =>
  [...keys].sort((a, b) => b.columns.length - a.columns.length || Number(a.nullable) - Number(b.nullable))

function parentOf(
  key: ForeignKey,
  at: {
    readonly surroundings: Surroundings
    readonly at: number
    readonly cells: ReadonlyMap<string, Cell>
    readonly count: number
  },
): Parent {
  const parent = at.surroundings.tables.get(key.parent)
  const shared = key.columns.filter((name) => at.cells.has(name))
  return {
    key,
    alias: `parent${at.at}`,
    from: `${parent?.kind === 'r' ? 'ONLY ' : ''}${parent?.name ?? ''}`,
    shared,
    required: !key.nullable || shared.length === key.columns.length,
    kinds: Math.min(at.count, PARENTS),
  }
}

/**
 * Where a unique key has but columns of few values, and these repeat together too early, one column stays while another goes through
 * all of its values.
 */
export function stridesFor({ table, kinds }: Pick<Plan, 'table' | 'kinds'>, rows: number): ReadonlyMap<string, number> {
  const strides = new Map<string, number>()
  for (const { columns } of table.uniqueKeys) {
    const few = columns.map((name) => ({
      name: name ?? '',
      many: name === null ? Infinity : (kinds.get(name) ?? Infinity),
    }))
    if (few.some(({ many }) => many === Infinity)) continue
    if (few.reduce((all, { many }) => leastCommonMultiple(all, many), 1) >= rows) continue
    let stride = 1
    for (const { name, many } of few.sort((a, b) => a.many - b.many)) {
      if (!strides.has(name)) strides.set(name, stride)
      stride *= many
    }
  }
  return strides
}

/** The number that counts for these columns in row `i`. */
export const strided = ({ strides }: Pick<Plan, 'strides'>, names: readonly string[], i: string): string => {
  const stride = Math.max(1, ...names.map((name) => strides.get(name) ?? 1))
  return stride === 1 ? i : `(${i} / ${stride})`
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return (a / x) * b
}

/** As the catalogue's conditions name them. */
export const written = (names: readonly string[]): string => names.map((name) => identifier(name)).join(', ')
