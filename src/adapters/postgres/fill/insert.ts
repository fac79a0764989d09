// The SQL that puts the rows of a plan into a table.
import { identifier, quoted } from '../../../sql/quote.js'
import { keyAlias, PARENTS, strided, written, type Cell, type Plan } from './plan.js'
import type { ForeignKey, Table } from './tables.js'

/** `parents`: how many of each parent's rows are chosen from. */
type Extent = { readonly parents: number }

/** Lists of parents, each row with its number from 0, for WITH. */
export const parentLists = ({ parents }: Plan, extent: Extent): readonly string[] =>
  parents.map(({ key, alias, from, shared }) => {
    const own = key.parentColumns.map((name, at) => `${identifier(name)} AS ${keyAlias(at)}`)
    const known = key.parentColumns.map((name) => `${identifier(name)} IS NOT NULL`)
    const aliases = key.columns.map((_, at) => keyAlias(at))
    const together = shared.map((name) => keyAlias(key.columns.indexOf(name)))
    const partition = together.length === 0 ? '' : `PARTITION BY ${together.join(', ')} `
    const limit = together.length === 0 ? extent.parents : extent.parents * 10
    return `${alias} AS MATERIALIZED (SELECT ${aliases.join(', ')}, row_number() OVER (${partition}ORDER BY ${aliases.join(', ')}) - 1 AS n,
      count(*) OVER (${partition.trim()}) AS total
      FROM (SELECT ${own.join(', ')} FROM ${from} WHERE ${known.join(' AND ')} ORDER BY ${aliases.join(', ')} LIMIT ${limit}) AS keys)`
  })

/** Joins each row to its parents. */
export const parentJoins = (plan: Plan, i: string): string =>
  plan.parents
    .map(({ key, alias, shared, required }) => {
      const number = strided(plan, key.columns, i)
      const same = shared.map(
        (name) =>
          `${alias}.${keyAlias(key.columns.indexOf(name))} = ${plan.cells.get(name)?.(strided(plan, [name], i)) ?? 'NULL'}`,
      )
      const total = shared.length === 0 ? `(SELECT nullif(count(*), 0) FROM ${alias})` : `${alias}.total`
      return ` ${required ? '' : 'LEFT '}JOIN ${alias} ON ${[...same, `${alias}.n = ${number} % ${total}`].join(' AND ')}`
    })
    .join('')

/** Ends with a space, where there are any. */
export const withOf = (lists: readonly string[]): string => (lists.length === 0 ? '' : `WITH ${lists.join(', ')} `)

/** SELECT of rows as the plan gives them. `numbers` yields their numbers as s.i. */
export const rowsOf = (plan: Plan, numbers: string, cells: ReadonlyMap<string, Cell> = plan.cells): string =>
  `SELECT ${[...cells].map(([name, cell]) => `${cell(strided(plan, [name], 's.i'))} AS ${identifier(name)}`).join(', ')} FROM ${numbers} AS s(i)${parentJoins(plan, 's.i')} ORDER BY s.i`

/** `most`: rows in all. `parents`: as many of each parent are used. `unjudged`: the server refuses what does not satisfy a condition. */
type InsertOptions = { readonly most?: number; readonly parents?: number; readonly unjudged?: true }

/** Rows that do not satisfy the conditions that can be judged beforehand, or a unique key, are left out. */
export function insertText(plan: Plan, numbers: string, options: InsertOptions = {}): string {
  const { table } = plan
  const names = [...plan.cells.keys()]
  const identity = table.columns.some((column) => column.identity && plan.cells.has(column.name))
  const conditions = (options.unjudged ? [] : judged(plan)).map((condition) => `(${condition}) IS NOT FALSE`)
  return [
    `INSERT INTO ${table.root}${names.length === 0 ? '' : ` (${written(names)})`}${identity ? ' OVERRIDING SYSTEM VALUE' : ''} `,
    withOf(parentLists(plan, { parents: options.parents ?? PARENTS })),
    `SELECT ${names.map((name) => `${table.ownName}.${identifier(name)}`).join(', ')} FROM (${rowsOf(plan, numbers)} OFFSET 0) AS ${table.ownName}`,
    conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`,
    options.most === undefined ? '' : ` LIMIT ${options.most}`,
    // An arbiter cannot be deferrable, and rules do not know it (PostgreSQL, INSERT).
    table.rules || table.uniqueKeys.every(({ deferrable }) => deferrable) ? '' : ' ON CONFLICT DO NOTHING',
  ].join('')
}

/** Conditions about columns that the plan gives a value, not the server. */
const judged = ({ table, cells }: Plan): readonly string[] =>
  table.checks.filter(({ columns }) => columns.every((name) => cells.has(name))).map(({ condition }) => condition)

export const countText = (table: Table): string => `SELECT count(*) FROM ONLY ${table.name}`

/** Each row by itself, in a subtransaction; gives up when the first fifty were refused. */
export function rowByRowText(plan: Plan, from: number, rows: number): string {
  const insert = insertText(plan, '(SELECT fill_number)', { parents: 50, unjudged: true })
  return `DO ${quoted(`DECLARE done int := 0; refused int := 0; fill_number bigint; BEGIN
    FOR fill_number IN ${from}..${from + rows - 1} LOOP
      BEGIN ${insert}; done := done + 1;
      EXCEPTION WHEN others THEN refused := refused + 1;
        IF refused > 50 AND done = 0 THEN RAISE; END IF;
      END;
    END LOOP; END`)}`
}

/** Sets a postponed key in all rows: each gets the parent whose number is one below its own. */
export function updateText(table: Table, key: ForeignKey, parent: Table): string {
  const aliases = key.columns.map((_, at) => keyAlias(at))
  const own = key.parentColumns.map((name, at) => `${identifier(name)} AS ${keyAlias(at)}`)
  const formats = key.columns.map((name) => table.columns.find((one) => one.name === name)?.format ?? 'text')
  const from = `${parent.kind === 'r' ? 'ONLY ' : ''}${parent.name}`
  return `WITH parents AS MATERIALIZED (SELECT ${aliases.join(', ')}, row_number() OVER (ORDER BY ${aliases.join(', ')}) - 1 AS n
      FROM (SELECT ${own.join(', ')} FROM ${from} WHERE ${key.parentColumns.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ')} LIMIT ${PARENTS}) AS keys),
    children AS MATERIALIZED (SELECT ctid AS place, row_number() OVER (ORDER BY ctid) - 1 AS n FROM ONLY ${table.name})
    UPDATE ONLY ${table.name} AS child SET ${key.columns.map((name, at) => `${identifier(name)} = parents.${keyAlias(at)}::${formats[at] ?? 'text'}`).join(', ')}
    FROM children JOIN parents ON parents.n = (children.n + (SELECT count(*) FROM parents) - 1) % (SELECT nullif(count(*), 0) FROM parents)
    WHERE child.ctid = children.place`
}
