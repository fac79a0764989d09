// Roles of a live server on a scratch one, where policies and scripts name them.
import { lastRows, type Link } from '../live/connection.js'
import { quoted } from '../../../sql/quote.js'

/** Of everybody but those that come with PostgreSQL. */
export async function roleNames(link: Link): Promise<readonly string[]> {
  const rows = lastRows(await link.send(`SELECT rolname FROM pg_catalog.pg_roles WHERE rolname NOT LIKE 'pg\\_%'`))
  return rows.map(([name]) => name ?? '')
}

/** A statement that makes a role without any right, unless there is one of this name. */
export const makeRole = (name: string): string =>
  `DO $gate$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoted(name)}) THEN EXECUTE format('CREATE ROLE %I', ${quoted(name)}); END IF; END$gate$;`
