// Which rows of which table make a statement fail, and how many: asked in the state before it, in a transaction that is rolled back.
import type { DatabaseError } from 'pg'
import type { RowFailure } from '../../../impact/facts.js'
import { failingRowsQuery } from '../../../impact/failing-rows.js'
import { withSchema } from '../../../impact/relation-name.js'
import { identifier, literal } from '../../../sql/quote.js'
import { badValues } from './bad-values.js'
import { undone, type Asking, type RefusedRows, type RefusedStatement } from './refused-statement.js'

/** Call in an open transaction, behind the statements before the one that fails. Leaves the transaction as it was. */
export async function refusedRows(session: Asking, refused: RefusedStatement): Promise<RefusedRows> {
  const { error } = refused
  if (error.table === undefined)
    return refused.text !== undefined && /^22/.test(error.code ?? '') ? badValues(session, refused.text, refused) : {}
  const relation = await clientName(session, error.schema, error.table)
  const rule = error.code === '23502' ? await requiredRule(session, refused, relation) : undefined
  const broken = rule ?? (await brokenRule(session, refused, relation))
  return { relation, ...named(error), ...broken }
}

const named = ({ column, constraint }: DatabaseError): Pick<RowFailure, 'column' | 'constraint'> => ({
  ...(column !== undefined && { column }),
  ...(constraint !== undefined && { constraint }),
})

/** As quote_ident() writes it. */
async function clientName({ send }: Asking, schema: string | undefined, table: string): Promise<string> {
  const parts = schema === undefined || schema === 'public' ? [table] : [schema, table]
  const quoted = parts.map((part) => `pg_catalog.quote_ident(${literal(part)})`).join(` || '.' || `)
  return String((await send(`SELECT ${quoted}`)).at(-1)?.rows[0]?.[0])
}

/** A rule for rows: `where` holds for those that break it. `relaxed` is SQL without which the table takes them. */
type Rule = Pick<RowFailure, 'column' | 'key' | 'where'> & { readonly relaxed?: string | undefined }

/** Rows with NULL in a column that is required: all of them, where the column is new. */
async function requiredRule(
  session: Asking,
  refused: RefusedStatement,
  relation: string,
): Promise<RefusedRows | undefined> {
  const { column } = refused.error
  if (column === undefined) return undefined
  const table = withSchema(relation)
  const answer = await session.send(
    `SELECT attnotnull FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass(${literal(table)}) AND attname = ${literal(column)} AND NOT attisdropped`,
  )
  const required = answer.at(-1)?.rows[0]?.[0]
  if (required === undefined) return withCount({ column }, await countWhere(session, table, { where: 'true' }))
  const rule = { column, where: `failing.${identifier(column)} IS NULL` }
  if (required !== 't') return withCount(rule, await countWhere(session, table, rule))
  const relaxed = `ALTER TABLE ${table} ALTER COLUMN ${identifier(column)} DROP NOT NULL`
  return withCount({ column }, await countRelaxed(session, refused, { table, rule: { ...rule, relaxed } }))
}

/** Of a constraint or a unique index that is there, or that the statement makes where the table is empty. */
async function brokenRule(
  session: Asking,
  refused: RefusedStatement,
  relation: string,
): Promise<RefusedRows | undefined> {
  const { error, text } = refused
  const table = withSchema(relation)
  const there = await undone(session, () => readRule(session, table, error))
  const count = there && (await countWhere(session, table, there))
  if (there !== undefined && (count !== undefined || text === undefined)) return withCount(there, count)
  if (text === undefined) return undefined
  const written = there && (await countRelaxed(session, refused, { table, rule: there }))
  if (there !== undefined && written !== undefined) return withCount(there, written)
  const made = await undone(session, async () => {
    await session.send(`TRUNCATE ${table} CASCADE`)
    await session.send(text)
    return readRule(session, table, error)
  })
  const rule = made ?? there
  return rule && withCount(rule, await countWhere(session, table, rule))
}

function withCount(rule: Rule, count: number | undefined): RefusedRows {
  const { relaxed: _, ...said } = rule
  return { ...said, ...(count !== undefined && { count }) }
}

/** Undefined where there are none, or they cannot be counted. */
async function countWhere(session: Asking, table: string, rule: Rule): Promise<number | undefined> {
  const query = failingRowsQuery({ ...rule, sqlstate: '', source: 'migrations' }, table)
  const count = query === undefined ? 0 : await undone(session, () => numberFrom(session, query))
  return count === undefined || count === 0 ? undefined : count
}

const numberFrom = async ({ send }: Asking, query: string): Promise<number> =>
  Number((await send(query)).at(-1)?.rows[0]?.[0])

/** The rows that break the rule when the statement has run without it. */
async function countRelaxed(
  session: Asking,
  { text }: RefusedStatement,
  { table, rule: { relaxed, ...rule } }: { readonly table: string; readonly rule: Rule },
): Promise<number | undefined> {
  if (relaxed === undefined || text === undefined) return undefined
  return undone(session, async () => {
    await session.send(relaxed)
    await session.send(text)
    return countWhere(session, table, rule)
  })
}

const names = (relation: string, numbers: string): string =>
  `(SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(${numbers}) WITH ORDINALITY u(number, at)
     JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.number)`

/** With each name in its schema. */
async function readRule({ send }: Asking, table: string, error: DatabaseError): Promise<Rule | undefined> {
  await send(`SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)`)
  const ask = async <T>(query: string): Promise<T | undefined> => {
    const text = (await send(query)).at(-1)?.rows[0]?.[0]
    return text === undefined || text === null ? undefined : (JSON.parse(text) as T)
  }
  const { constraint, code } = error
  const oid = `to_regclass(${literal(table)})`
  if (constraint === undefined) {
    const bound = await ask<string>(`SELECT to_json(pg_get_partition_constraintdef(${oid}))`)
    return bound === undefined ? undefined : { where: `(${bound}) IS NOT TRUE` }
  }
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT ${identifier(constraint)} CASCADE`
  if (code === '23505') {
    const key =
      await ask<UniqueKey>(`SELECT json_build_object('key', (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), ', ' ORDER BY n) FROM generate_series(1, i.indnkeyatts) n),
        'condition', pg_get_expr(i.indpred, i.indrelid), 'equal', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
        'columns', coalesce(${names('i.indrelid', 'i.indkey::int2[]')}, '[]'), 'constraint', EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid))
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ${oid} AND c.relname = ${literal(constraint)}`)
    return key && uniqueRule(key, key.constraint ? drop : `DROP INDEX ${schemaOf(table)}.${identifier(constraint)}`)
  }
  const found =
    await ask<Constraint>(`SELECT json_build_object('type', k.contype, 'check', pg_get_expr(k.conbin, k.conrelid), 'columns', coalesce(${names('k.conrelid', 'k.conkey')}, '[]'),
      'parent', k.confrelid::regclass::text, 'parentColumns', coalesce(${names('k.confrelid', 'k.confkey')}, '[]'))
    FROM pg_constraint k WHERE k.conrelid = ${oid} AND k.conname = ${literal(constraint)}`)
  return found && constraintRule(found, drop)
}

const schemaOf = (table: string): string => table.slice(0, table.length - lastPartOf(table).length - 1)

const lastPartOf = (table: string): string => /(?:"(?:[^"]|"")*"|[^".]+)$/.exec(table)?.[0] ?? table

type UniqueKey = {
  readonly key: string
  readonly condition: string | null
  readonly equal: boolean
  readonly columns: readonly string[]
  readonly constraint: boolean
}

/** Rows with a NULL in the key are equal to none, unless NULLS NOT DISTINCT says so. */
function uniqueRule({ key, condition, equal, columns }: UniqueKey, relaxed: string): Rule {
  const conditions = [
    ...(equal ? [] : [`pg_catalog.num_nulls(${key}) = 0`]),
    ...(condition === null ? [] : [`(${condition})`]),
  ]
  const [column, ...more] = columns
  const where = conditions.length === 0 ? 'true' : conditions.join(' AND ')
  return { key, where, relaxed, ...(column !== undefined && more.length === 0 && { column }) }
}

type Constraint = {
  readonly type: string
  readonly check: string | null
  readonly columns: readonly string[]
  readonly parent: string
  readonly parentColumns: readonly string[]
}

/** PostgreSQL, "Constraints": a check takes what is unknown, and a foreign key what is NULL in part. */
function constraintRule({ type, check, columns, parent, parentColumns }: Constraint, relaxed: string): Rule {
  const [column, ...more] = columns
  const own = { relaxed, ...(column !== undefined && more.length === 0 && { column }) }
  if (type === 'c' && check !== null) return { ...own, where: `(${check}) IS FALSE` }
  if (type !== 'f') return own
  const set = columns.map((name) => `failing.${identifier(name)} IS NOT NULL`)
  const same = columns.map((name, at) => `parent.${identifier(parentColumns[at] ?? '')} = failing.${identifier(name)}`)
  return {
    ...own,
    where: `${set.join(' AND ')} AND NOT EXISTS (SELECT FROM ${parent} parent WHERE ${same.join(' AND ')})`,
  }
}
