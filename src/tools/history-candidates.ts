// The tables of a database that may be a tool's history: the query that finds them, and its result.
import type { Rows, TableName } from '../state/history.js'
import { literal } from '../sql/quote.js'
import { histories } from './histories.js'

/** `columns` are their names and types (format_type). `visible`: an unqualified name leads to it. */
export type FoundTable = TableName & {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly visible: boolean
}

/** `current` is current_schema(): undefined when no schema of the search_path exists. */
export type FoundTables = { readonly current: string | undefined; readonly tables: readonly FoundTable[] }

/** Columns that no table of an application is likely to have. */
const TELLING = ['version_id', 'dirty', 'checksum', 'is_applied']

/** Rails keeps its versions in a table that looks like dbmate's; this one is beside it. */
export const RAILS = 'ar_internal_metadata'

/**
 * One SELECT without a side effect, with a first row that holds current_schema(). `named` are more names of tables to
 * look for, without their schema, in any spelling. The tables behind the names of seeds (`<name>_seeds`) are found too.
 */
export function candidatesQuery(named: readonly string[] = []): string {
  const usual = histories.map(({ table }) => table.slice(table.lastIndexOf('.') + 1))
  const names = [...usual, ...named, ...named.map((name) => name.toLowerCase())].flatMap((name) => [
    name,
    `${name}_seeds`,
  ])
  const list = (texts: readonly string[]): string => texts.map(literal).join(', ')
  return `SELECT current_schema()::text, NULL, NULL, NULL, NULL
UNION ALL
(SELECT n.nspname::text, c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, NULL), pg_catalog.pg_table_is_visible(c.oid)::text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND (c.relname IN (${list([...names, RAILS])}) OR EXISTS (SELECT FROM pg_catalog.pg_attribute b
  WHERE b.attrelid = c.oid AND b.attname IN (${list(TELLING)}) AND b.attnum > 0 AND NOT b.attisdropped))
ORDER BY n.nspname, c.relname, a.attnum)`
}

/** The result of the query, table by table. */
export function candidatesFrom(rows: Rows): FoundTables {
  const tables = new Map<string, FoundTable>()
  for (const [schema, name, column, type, visible] of rows) {
    if (schema == null || name == null || column == null || type == null) continue
    const key = JSON.stringify([schema, name])
    const known = tables.get(key) ?? { schema, name, columns: [], visible: visible === 'true' }
    tables.set(key, { ...known, columns: [...known.columns, { name: column, type }] })
  }
  const first = rows.find(([, name]) => name === null || name === undefined)
  return { current: first?.[0] ?? undefined, tables: [...tables.values()] }
}
