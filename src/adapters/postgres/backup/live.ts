// The live database in one snapshot, which stays open while pg_dump reads.
import { portable } from '../../../catalog/portable.js'
import type { TableName } from '../../../state/history.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import { readWholeCatalog } from '../guided-snapshots/whole-catalog.js'
import { lastRows, type Link } from '../live/connection.js'

/** `snapshot` is the id for pg_dump. `data` is the number of bytes of all tables without indexes. */
export type HeldSnapshot = {
  readonly snapshot: string
  readonly version: string
  readonly major: number
  readonly system: string | undefined
  readonly data: number
}

/** Opens a transaction that keeps the snapshot until `release`. */
export async function holdSnapshot(link: Link): Promise<HeldSnapshot> {
  await link.send('BEGIN ISOLATION LEVEL REPEATABLE READ')
  const [row] = lastRows(await link.send(MOMENT))
  const [snapshot = '', number = '0', version = '', data = '0'] = row ?? []
  const system = await readSystem(link)
  return {
    snapshot: snapshot ?? '',
    version: (version ?? '').split(' ')[0] ?? '',
    system,
    data: Number(data),
    major: Math.floor(Number(number) / 10_000),
  }
}

export async function releaseSnapshot(link: Link): Promise<void> {
  await link.send('ROLLBACK').catch(() => undefined)
}

const TABLES = `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`

const MOMENT = `SELECT pg_export_snapshot(), current_setting('server_version_num'), current_setting('server_version'),
  (SELECT coalesce(sum(pg_table_size(c.oid)), 0) ${TABLES})`

async function readSystem(link: Link): Promise<string | undefined> {
  await link.send('SAVEPOINT ask')
  try {
    return lastRows(await link.send('SELECT system_identifier FROM pg_control_system()'))[0]?.[0] ?? undefined
  } catch {
    await link.send('ROLLBACK TO ask')
    return undefined
  }
}

/** The portable catalogue, read in the open transaction if there is one, else in its own. */
export const readCatalogue = async (link: Link, major: number, history: TableName | undefined): Promise<Snapshot> =>
  portable(await readSnapshot(link, major), { history })

/** As `readCatalogue`, with everything that `portable` leaves out. */
export const readSnapshot = (link: Link, major: number): Promise<Snapshot> =>
  readWholeCatalog({ major, inTransaction: link.transaction() === 'open', send: (text) => link.send(text) })

/** The schemas in which this session looks for a name without a schema, without those of PostgreSQL itself. */
export async function searchedSchemas(link: Link): Promise<readonly string[]> {
  const rows = lastRows(await link.send('SELECT unnest(pg_catalog.current_schemas(false))'))
  return rows.map(([schema]) => schema ?? '').filter((schema) => !schema.startsWith('pg_'))
}

/** The number of rows of every table that holds rows itself, except our own tables. */
export async function countRows(link: Link): Promise<Readonly<Record<string, number>>> {
  const names = lastRows(
    await link.send(
      `SELECT format('%I.%I', n.nspname, c.relname) ${TABLES} AND n.nspname <> 'migration_gate' ORDER BY 1`,
    ),
  ).map(([name]) => name ?? '')
  if (names.length === 0) return {}
  const counts = names.map((name) => `(SELECT count(*) FROM ONLY ${name})`)
  const found: Record<string, number> = {}
  for (let at = 0; at < counts.length; at += 100) {
    const [row] = lastRows(await link.send(`SELECT ${counts.slice(at, at + 100).join(', ')}`))
    for (const [i, count] of (row ?? []).entries()) found[names[at + i] ?? ''] = Number(count)
  }
  return found
}
