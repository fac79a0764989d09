// A database with the base of a case in it, and the sessions that look on while its migration runs.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { lockModeOf, stronger, type LockMode } from '../../../src/impact/lock-modes.js'
import type { LiveServer } from '../../support/live.js'
import { readOldTables, refusal, type OldTable } from './old-tables.js'

/** What one statement that takes no transaction, or a whole transaction, was seen to do. */
export type Seen = { readonly holds: ReadonlyMap<string, LockMode>; readonly refused: readonly string[] | undefined }

/** A database with the base in it. `script` runs the migration, `client` and `observer` look on. */
export type Stage = {
  readonly tables: ReadonlyMap<string, OldTable>
  readonly script: pg.Client
  readonly pid: number
  readonly client: pg.Client
  readonly observer: pg.Client
  /** Of the same database; it must be ended before `close`. */
  readonly session: () => Promise<pg.Client>
  /** Also drops the database. */
  readonly close: () => Promise<void>
}

/** A server on which databases are made. */
export type Server = Pick<LiveServer, 'cluster'>

export async function openStage(base: readonly string[], { cluster }: Server): Promise<Stage> {
  const name = `exam_${randomBytes(6).toString('hex')}`
  const session = (): Promise<pg.Client> => connect({ cluster }, name)
  const maintain = async (sql: string): Promise<void> => {
    const keeper = await connect({ cluster }, cluster.maintenance)
    await keeper.query(sql)
    await keeper.end()
  }
  await maintain(`CREATE DATABASE ${name}`)
  const observer = await session()
  await observer.query('BEGIN')
  for (const sql of base) await observer.query(sql)
  await observer.query('COMMIT')
  await observer.query('RESET ALL')
  const client = await session()
  const script = await session()
  const { rows } = await script.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return {
    tables: await readOldTables(client),
    script,
    session,
    pid: rows[0]?.pid ?? 0,
    client,
    observer,
    close: async () => {
      for (const one of [script, client, observer]) await one.end()
      await maintain(`DROP DATABASE ${name}`)
    },
  }
}

async function connect({ cluster }: Server, database: string): Promise<pg.Client> {
  const client = new pg.Client(cluster.connection(database))
  await client.connect()
  return client
}

/** The strongest mode of each table that the script has, or waits for. */
export async function locksOf({ observer, pid, tables }: Stage): Promise<ReadonlyMap<string, LockMode>> {
  const { rows } = await observer.query<{ relation: string; mode: string }>(
    `SELECT relation::text, mode FROM pg_locks
     WHERE pid = $1 AND locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [pid],
  )
  const locks = new Map<string, LockMode>()
  for (const { relation, mode } of rows) {
    const table = tables.get(relation)
    const known = lockModeOf(mode)
    if (table !== undefined && known !== undefined) merge(locks, new Map([[table.name, known]]))
  }
  return locks
}

export function merge(into: Map<string, LockMode>, locks: ReadonlyMap<string, LockMode>): void {
  for (const [name, mode] of locks) into.set(name, stronger(into.get(name), mode))
}

/** SQLSTATE of a statement that waited longer than lock_timeout. */
const WAITED = '55P03'

export async function waitingClients({ client, tables }: Stage): Promise<readonly string[]> {
  const waiting: string[] = []
  for (const { clients } of tables.values())
    for (const each of clients) if ((await refusal(client, each)) === WAITED) waiting.push(each.says)
  return sorted(waiting)
}

export const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort()

/** As text, in a fixed order: `customers SHARE`. */
export const lockWords = (locks: ReadonlyMap<string, LockMode>): readonly string[] =>
  [...locks].map(([name, mode]) => `${name} ${mode}`).sort()
