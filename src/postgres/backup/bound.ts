// What the server keeps for a database itself, and not for its name: no dump holds it, and a swap leaves it with the former one.
import { lastRows, type Link } from '../target/link.js'
import { quoted } from '../target/quote.js'

/** In words (PostgreSQL, pg_replication_slots, pg_subscription); what this role may not see is not there. */
export async function bound(keeper: Link, database: string): Promise<readonly string[]> {
  const rows = lastRows(
    await keeper.send(`SELECT 'replication slot ' || slot_name FROM pg_catalog.pg_replication_slots WHERE database = ${quoted(database)}
      UNION ALL SELECT 'subscription ' || s.subname FROM pg_catalog.pg_subscription s
        JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = ${quoted(database)} ORDER BY 1`),
  )
  return rows.map(([words]) => words ?? '')
}
