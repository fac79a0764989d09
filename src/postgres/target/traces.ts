// What a step without a transaction may have left, as far as the catalogue shows it.
import { lastRows, type Link } from './link.js'

/** Indexes that a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY began and did not finish. */
const INVALID = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1`

/** Names that can stand in SQL as they are. */
export const invalidIndexes = async (link: Link): Promise<readonly string[]> =>
  lastRows(await link.send(INVALID)).map(([name]) => name ?? '')

/** Sentences about the indexes that are invalid now and were not `before`. */
export async function tracesOf(link: Link, before: readonly string[]): Promise<readonly string[]> {
  const now = await invalidIndexes(link)
  return now
    .filter((name) => !before.includes(name))
    .map((name) => `the index ${name} is there and invalid: DROP INDEX CONCURRENTLY ${name};`)
}
