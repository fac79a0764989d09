// Lists what no dump holds: objects that the role may not read, and objects that belong to the database on its server.
import { lastRows, type Link } from '../live/connection.js'
import { quoted } from '../../../sql/quote.js'

/**
 * What pg_dump omits without an error because its role may not read it, as sentences. Sources: pg_dump,
 * getSubscriptions and dumpUserMappings; PostgreSQL, the view pg_user_mappings.
 */
export async function objectsOmittedFromDump(link: Link): Promise<readonly string[]> {
  const [row] = lastRows(
    await link.send(`SELECT
      (SELECT count(*) FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()),
      (SELECT count(*) FROM pg_catalog.pg_user_mappings WHERE umoptions IS NULL)
      FROM pg_catalog.pg_roles WHERE rolname = current_user AND NOT rolsuper`),
  )
  const subscriptions = Number(row?.[0] ?? 0)
  const mappings = Number(row?.[1] ?? 0)
  return [
    ...(subscriptions > 0 ? ['subscriptions are not part of it: only a superuser may read them'] : []),
    ...(mappings > 0
      ? ['the options of user mappings (passwords) are not part of it: this role may not read them']
      : []),
  ]
}

/**
 * The objects that the server binds to a database and not to its name, as text (PostgreSQL, pg_replication_slots,
 * pg_subscription). No dump holds them, and a swap leaves them with the former database. Objects that this role may not
 * see are missing.
 */
export async function serverBoundObjects(maintenance: Link, database: string): Promise<readonly string[]> {
  const rows = lastRows(
    await maintenance.send(`SELECT 'replication slot ' || slot_name FROM pg_catalog.pg_replication_slots WHERE database = ${quoted(database)}
      UNION ALL SELECT 'subscription ' || s.subname FROM pg_catalog.pg_subscription s
        JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = ${quoted(database)} ORDER BY 1`),
  )
  return rows.map(([words]) => words ?? '')
}
