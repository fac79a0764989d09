// Rows of a table that stand for what its clients write: the extremes of each column, a NULL, a repeated value, some others.
import { identifier } from '../../../sql/quote.js'
import { isDatabaseError } from '../session.js'
import { inRolledBack } from './read-world.js'
import type { ClientSession, Column, Relation } from './world.js'

/** `columns`: those that a client may write, by name. Each row has their values as text, in this order. */
export type Sample = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

const MOST_ROWS = 120
/** In bytes. A longer value is not looked for, because the rows are held. */
const LONGEST = 100_000
const ORDINARY_ROWS = 3
/** A repeated value is looked for in so many rows. */
const REPEATED_WITHIN = 2_000

/** What a client may give a value to. Of GENERATED ALWAYS AS IDENTITY it may not. */
export const writable = (relation: Relation): readonly Column[] =>
  relation.columns.filter((column) => column.generated === '' && column.identity !== 'a')

/** By OID. Undefined where the server refuses to read it. */
export async function takeSamples(
  session: ClientSession,
  relations: readonly Relation[],
): Promise<ReadonlyMap<string, Sample | undefined>> {
  const answers = await answerEach(session, relations.map(sampleQuery))
  return new Map(
    relations.map((relation, i) => {
      const rows = answers[i]
      const columns = writable(relation).map((column) => column.name)
      return [relation.oid, rows === undefined ? undefined : { columns, rows: rows.slice(0, MOST_ROWS) }]
    }),
  )
}

type Rows = readonly (readonly (string | null)[])[]

/** All queries in one message; where one is refused, each by itself. */
export async function answerEach(
  session: ClientSession,
  queries: readonly string[],
): Promise<readonly (Rows | undefined)[]> {
  if (queries.length === 0) return []
  try {
    return (await inRolledBack(session, queries)).map(({ rows }) => rows)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    if (queries.length === 1) return [undefined]
    const each: (Rows | undefined)[] = []
    for (const query of queries) each.push(...(await answerEach(session, [query])))
    return each
  }
}

function sampleQuery(relation: Relation): string {
  const columns = writable(relation)
  if (columns.length === 0) return 'SELECT WHERE false'
  const from = relation.sql
  const all = columns.map(({ name }) => `r.${identifier(name)}::text`).join(', ')
  // The place of a row is found before its values: to plan the values once for each edge takes longer than to read them.
  const isPlaced = relation.kind === 'r' || relation.kind === 'p'
  const one = (rest: string): string => `(SELECT ${isPlaced ? 'r.tableoid, r.ctid' : all} FROM ${from} r ${rest})`
  const repeated = (name: string): string =>
    one(`WHERE r.${name} = (SELECT s.${name} FROM (SELECT ${name} FROM ${from} LIMIT ${REPEATED_WITHIN}) s
      WHERE s.${name} IS NOT NULL GROUP BY s.${name} HAVING count(*) > 1 LIMIT 1) LIMIT 2`)
  const extremes = columns.flatMap((column) => {
    const name = identifier(column.name)
    const some = column.notNull ? [] : [one(`WHERE r.${name} IS NULL LIMIT 1`)]
    if (ORDERED.test(column.category))
      some.push(
        one(`WHERE r.${name} IS NOT NULL ORDER BY r.${name} LIMIT 1`),
        one(`WHERE r.${name} IS NOT NULL ORDER BY r.${name} DESC LIMIT 1`),
      )
    else if (column.category !== 'B' && column.base !== 'uuid')
      some.push(
        one(`WHERE octet_length(r.${name}::text) <= ${LONGEST} ORDER BY octet_length(r.${name}::text) DESC LIMIT 1`),
      )
    if (COMPARED.test(column.base) && !isKey(relation, column)) some.push(repeated(name))
    return some
  })
  const found = [one(`LIMIT ${ORDINARY_ROWS}`), ...extremes].join(' UNION ')
  return isPlaced ? `SELECT DISTINCT ${all} FROM ${from} r WHERE (r.tableoid, r.ctid) IN (${found})` : found
}

/** Categories of types: numbers, dates, spans of time (PostgreSQL, "typcategory Codes"). */
const ORDERED = /^[NDT]$/
/** Types whose values are often keys of something else, and have equality. */
const COMPARED =
  /^(?:smallint|integer|bigint|numeric|text|character varying|character|uuid|citext|public\.citext|date)$/

const isKey = (relation: Relation, { number }: Column): boolean =>
  relation.indexes.some(
    ({ unique, partial, columns }) => unique && partial === null && columns.length === 1 && columns[0] === number,
  )
