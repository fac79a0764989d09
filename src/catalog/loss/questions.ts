// The questions that count a loss on a live database. Each is one query that only reads.
import { callsIn } from '../../sql/clauses.js'
import { lastPart } from '../derive/names.js'
import type { Condition } from '../../sql/effects/row-changes.js'
import type { Question } from '../data-loss.js'
import type { ForeignKey } from './relations.js'

const ask = (sql: string, texts: readonly string[] = [], settings: readonly string[] = []): Question => ({
  sql,
  calls: [...new Set(texts.flatMap(callsIn))],
  settings,
})

/** All rows of a table alone, without what inherits from it. */
export const rowsOf = (table: string): Question => ask(`SELECT count(*), 0 FROM ONLY ${table}`)

/** Its rows, and the values of a column that are not null. */
export const valuesOf = (table: string, column: string): Question =>
  ask(`SELECT count(*), count(${column}) FROM ONLY ${table}`)

/**
 * Rows of a table: `from` is the text from FROM on, in which `name` is the table. `isUnique`: no row comes twice.
 * `ctes` is a WITH clause before it. `texts` are the parts that the author wrote.
 */
export type Rows = {
  readonly name: string
  readonly from: string
  readonly ctes: string
  readonly isUnique: boolean
  readonly texts: readonly string[]
}

/** The rows that an UPDATE or DELETE finds. `table` is the live name. `more` is a further condition. */
export function rowsFound(table: string, { target, ctes, others, where }: Condition, more?: string): Rows {
  const { name, only } = target
  const aliased = lastPart(table) === name ? table : `${table} AS ${name}`
  const conditions = [...(where === undefined ? [] : [`(${where}\n)`]), ...(more === undefined ? [] : [more])]
  const from = [
    `FROM ${only ? 'ONLY ' : ''}${aliased}`,
    ...(others === undefined ? [] : [`, ${others}\n`]),
    ...(conditions.length === 0 ? [] : [` WHERE ${conditions.join(' AND ')}`]),
  ].join('')
  return { name, from, ctes, isUnique: others === undefined, texts: [ctes, others ?? '', where ?? '', more ?? ''] }
}

const counting = ({ name, isUnique }: Rows, filter = ''): string =>
  `${isUnique ? 'count(*)' : `count(DISTINCT (${name}.tableoid, ${name}.ctid))`}${filter}`

export const howMany = (rows: Rows, settings: readonly string[]): Question =>
  ask(`${rows.ctes}SELECT ${counting(rows)}, 0 ${rows.from}`, rows.texts, settings)

/** The rows that an UPDATE finds, and the values of a column that it replaces by others. */
export function valuesReplaced(
  rows: Rows,
  { column, value, type }: { readonly column: string; readonly value: string; readonly type: string },
  settings: readonly string[],
): Question {
  const old = `${rows.name}.${column}`
  const filter = ` FILTER (WHERE ${old} IS NOT NULL AND ${differs(`(${value}\n)::${type}`, old, type)})`
  const sql = `${rows.ctes}SELECT ${counting(rows)}, ${counting(rows, filter)} ${rows.from}`
  return ask(sql, [...rows.texts, value], settings)
}

/**
 * The rows that an INSERT finds under its keys, and the values of a column that it replaces by others. In `source` are the
 * new rows, under the name that ON CONFLICT gives them.
 */
export function valuesUpserted(of: {
  readonly table: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly source: string
  readonly keys: readonly string[]
  readonly where: string | undefined
  readonly set: { readonly column: string; readonly value: string; readonly type: string }
  readonly settings: readonly string[]
}): Question {
  const { table, name, columns, source, keys, where, set, settings } = of
  const names = columns.map((column) => column.name)
  const typed = columns.map((column) => `gate_new.${column.name}::${column.type} AS ${column.name}`)
  const excluded = `(SELECT ${typed.join(', ')} FROM (${source}\n) AS gate_new(${names.join(', ')})) AS excluded`
  const on = keys.map((key) => `${name}.${key} = excluded.${key}`).join(' AND ')
  const aliased = lastPart(table) === name ? table : `${table} AS ${name}`
  const old = `${name}.${set.column}`
  const found = `count(DISTINCT (${name}.tableoid, ${name}.ctid))`
  const filter = `FILTER (WHERE ${old} IS NOT NULL AND ${differs(`(${set.value}\n)::${set.type}`, old, set.type)})`
  const sql = `SELECT ${found}, ${found} ${filter} FROM ${aliased} JOIN ${excluded} ON ${on}${where === undefined ? '' : ` WHERE ${where}`}`
  return ask(sql, [source, where ?? '', set.value], settings)
}

/** Types of text, whose equality may ignore case, and types without an equality of their own. */
const COMPARED_AS_TEXT =
  /^(?:text|character varying|character|"char"|name|json|xml|point|line|lseg|path|polygon|circle|box)\b|(?:^|\.)citext$/

/** Whether two values of a type differ. */
export const differs = (a: string, b: string, type: string): string =>
  COMPARED_AS_TEXT.test(type)
    ? `(${a})::text COLLATE "C" IS DISTINCT FROM (${b})::text COLLATE "C"`
    : `${a} IS DISTINCT FROM ${b}`

/** Rows of the child that refer to any of the given rows; `only`: without what inherits from the child. */
export function referring(
  child: { readonly live: string; readonly only: boolean },
  by: readonly { readonly key: ForeignKey; readonly rows: Rows }[],
): Rows {
  const found = by.map(({ key, rows }) => {
    const same = key.columns.map(([own, parent]) => `gate_parent.${parent} = gate_child.${own}`).join(' AND ')
    return `EXISTS (SELECT FROM (${setOf(rows)}) AS gate_parent WHERE ${same})`
  })
  const from = `FROM ${child.only ? 'ONLY ' : ''}${child.live} AS gate_child WHERE ${found.join(' OR ')}`
  return { name: 'gate_child', from, ctes: '', isUnique: true, texts: by.flatMap(({ rows }) => rows.texts) }
}

/** The rows as a query of their own. */
const setOf = ({ ctes, name, from }: Rows): string => `${ctes}SELECT ${name}.* ${from}`

/** The rows, and those of the same table that refer to them by a key, over any number of steps. */
export function withReferring(key: ForeignKey, table: string, rows: Rows): Rows {
  const columns = [...new Set(key.columns.map(([, parent]) => parent))]
  const listed = (name: string): string => columns.map((column) => `, ${name}.${column}`).join('')
  const same = key.columns.map(([own, parent]) => `gate_found.${parent} = gate_next.${own}`).join(' AND ')
  const first = `SELECT gate_first.gate_table, gate_first.gate_row${listed('gate_first')} FROM (${rows.ctes}SELECT ${rows.name}.tableoid AS gate_table, ${rows.name}.ctid AS gate_row${listed(rows.name)} ${rows.from}) AS gate_first`
  const next = `SELECT gate_next.tableoid, gate_next.ctid${listed('gate_next')} FROM ${table} AS gate_next JOIN gate_found ON ${same}`
  return {
    name: 'gate_all',
    ctes: `WITH RECURSIVE gate_found AS (${first} UNION ${next}) `,
    from: `FROM ${table} AS gate_all WHERE (gate_all.tableoid, gate_all.ctid) IN (SELECT gate_table, gate_row FROM gate_found)`,
    isUnique: true,
    texts: rows.texts,
  }
}

/**
 * The values of a column that a new type changes so that the way back does not give them again. `to` is the expression
 * for the new value, `back` the one for the old type, in which the column holds the new value. `carrier` is the type that
 * holds the new value in between. `fits` is a condition of the old value (as `gate_old`): other values make the step fail.
 */
export function valuesConverted(of: {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly to: string
  readonly carrier: string
  readonly back: string
  readonly fits: string | undefined
  readonly texts: readonly string[]
}): Question {
  const { table, column, type, to, carrier, back, fits, texts } = of
  const changed = differs(back, 'gate_rows.gate_old', type)
  const filter = fits === undefined ? changed : `(${fits}) AND ${changed}`
  const sql = `SELECT count(*), count(*) FILTER (WHERE ${filter}) FROM (SELECT ${lastPart(table)}.${column} AS gate_old, (${to}\n)::${carrier} AS ${column} FROM ONLY ${table}) AS gate_rows`
  return ask(sql, texts)
}
