// Digests of the tables of a database, without any of their values.
import type { Session } from '../session.js'

const TABLES = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`

/**
 * By table: the number of rows, a space, and a sum of hashes that does not depend on their order. `t` alone would mean
 * a column of that name, if there is one.
 */
export async function digestRows(session: Session): Promise<ReadonlyMap<string, string>> {
  const tables = await column(session, TABLES)
  if (tables.length === 0) return new Map()
  const answers = await session.send(
    tables
      .map(
        (table, i) =>
          `SELECT ${i}, count(*) || ' ' || coalesce(sum(hashtextextended(ROW(t.*)::text, 0)), 0) FROM ONLY ${table} t`,
      )
      .join(' UNION ALL '),
  )
  return new Map(
    (answers.at(-1)?.rows ?? []).map((row) => {
      const [i, digest] = row as readonly string[]
      return [tables[Number(i)] ?? '', digest ?? '']
    }),
  )
}

const column = async (session: Session, query: string): Promise<readonly string[]> =>
  ((await session.send(query)).at(-1)?.rows ?? []).map((row) => String((row as readonly unknown[])[0]))
