// What a database knows its tables by, kept with a backup: so a restore distinguishes a renamed table from another one.
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { effectsBetween } from '../../../catalog/compare-states.js'
import type { Difference } from '../../../catalog/difference.js'
import { fatesOf, type State } from '../../../catalog/identity.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import type { KnownTables } from '../../../release/backup.js'
import { lastRows, type Link } from '../live/connection.js'

/** The tables of a database by their OIDs and the numbers of their columns. Rejects as `send` does. */
export async function readKnownTables(link: Link): Promise<KnownTables> {
  const rows = lastRows(
    await link.send(
      `SELECT d.oid, CASE WHEN c.oid IS NOT NULL THEN pg_catalog.format('relation %I.%I', n.nspname, c.relname) END, c.oid,
          (SELECT pg_catalog.string_agg(a.attnum::text, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
        FROM pg_catalog.pg_database d LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
          ON c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384 AND n.nspname NOT LIKE 'pg\\\\_%'
        WHERE d.datname = pg_catalog.current_database()`,
    ),
  )
  const tables = rows.flatMap(([, group, oid, numbers]) =>
    group === null || group === undefined ? [] : [[group, `r ${oid ?? ''} ${numbers ?? ''}`.trimEnd()] as const],
  )
  return { database: rows[0]?.[0] ?? '', tables: Object.fromEntries(tables) }
}

type Known = { readonly snapshot: Snapshot; readonly known: KnownTables | undefined }

const stateOf = ({ snapshot, known }: Known): State => ({
  documents: snapshot,
  identities: new Map(Object.entries(known?.tables ?? {})),
})

/** Only the tables of one database can be matched: a restored one has numbers of its own. */
const isOneDatabase = (a: Known, b: Known): boolean => a.known !== undefined && a.known.database === b.known?.database

/** What leads from one state of a database to the other. */
export const changesBetween = (from: Known, to: Known): readonly Difference[] =>
  isOneDatabase(from, to) ? effectsBetween(stateOf(from), stateOf(to)) : compareSnapshots(from.snapshot, to.snapshot)

/** By the name of a table in the one state, its name in the other, where that is another one. */
export function namesBetween(from: Known, to: Known): ReadonlyMap<string, string> {
  if (!isOneDatabase(from, to)) return new Map()
  const name = (group: string): string => group.slice('relation '.length)
  return new Map(
    [...fatesOf(stateOf(from), stateOf(to))].flatMap(([group, { to: now }]) =>
      now === undefined || now === group ? [] : [[name(group), name(now)] as const],
    ),
  )
}
