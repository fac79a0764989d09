// Databases on a server that the tests start, for real tools and for us.
import path from 'node:path'
import type { Rows, TableName } from '../../src/state/history.js'
import type { Script } from '../../src/model/migration.js'
import { provideServer } from '../../src/adapters/postgres/server/provide.js'
import { openSession, type Session } from '../../src/adapters/postgres/session.js'
import { sqlName } from '../../src/state/history.js'
import { literal } from '../../src/sql/quote.js'
import { options, removeFolder, temporaryFolder } from '../adapters/postgres/server/support.js'

export type Database = {
  readonly name: string
  /** What the tools are given: a URL for the private socket. */
  readonly url: string
  /** Where the files that the tools are given go. */
  readonly folder: string
  readonly session: Session
  readonly rows: (query: string) => Promise<Rows>
  readonly close: () => Promise<void>
}

export type TestServer = { readonly open: () => Promise<Database>; readonly close: () => Promise<void> }

/** Starts with the first database, because jest calls no `afterAll` where every test is skipped. */
export function testServer(): TestServer {
  let started: Promise<TestServer> | undefined
  return {
    open: async () => (await (started ??= startServer())).open(),
    close: async () => (await started)?.close(),
  }
}

async function startServer(): Promise<TestServer> {
  const cache = await temporaryFolder()
  const clusters = await provideServer(options(cache))
  const { main } = clusters
  const keeper = await openSession(main.connection(main.maintenance))
  let count = 0
  return {
    open: async () => {
      const name = `history_${++count}`
      await keeper.send(`CREATE DATABASE ${name}`)
      const session = await openSession(main.connection(name))
      return {
        name,
        url: `postgres://postgres@/${name}?host=${String(main.connection(name).host)}&sslmode=disable`,
        folder: path.join(cache, name),
        session,
        rows: async (query) => (await session.send(query)).at(-1)?.rows ?? [],
        close: () => session.close(),
      }
    },
    close: async () => {
      await keeper.close()
      await clusters.close()
      await removeFolder(cache)
    },
  }
}

/** Runs a script and the SQL that records it in one transaction. */
export async function runWith(session: Session, script: Script, record: string): Promise<void> {
  await session.send('BEGIN')
  for (const { text } of script.messages) await session.send(text)
  await session.send(record)
  await session.send('COMMIT')
}

/** Everything that the catalogue says about a table: columns, constraints, indexes, sequences, by name. */
export async function definitionOf(database: Database, table: TableName): Promise<Rows> {
  const oid = `${literal(sqlName(table))}::regclass`
  return database.rows(`
    SELECT 'column', attnum::text, attname, format_type(atttypid, atttypmod), attnotnull::text, attidentity, attcollation::regcollation::text,
      pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = ${oid} AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT 'constraint', conname, contype::text, pg_get_constraintdef(oid), '', '', '', '' FROM pg_constraint WHERE conrelid = ${oid}
    UNION ALL SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), '', '', '', '', '' FROM pg_index WHERE indrelid = ${oid}
    UNION ALL SELECT 'sequence', c.oid::regclass::text, deptype::text, c.relkind::text, '', '', '', '' FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
      WHERE d.refobjid = ${oid} AND d.classid = 'pg_class'::regclass
    ORDER BY 1, 2`)
}

/** All values of all rows but the times, in the order in which the rows were numbered or else by their text. */
export const contentOf = (database: Database, table: TableName): Promise<Rows> =>
  database.rows(
    `SELECT (to_jsonb(t) - 'tstamp' - 'applied_at')::text FROM ${sqlName(table)} t ORDER BY to_jsonb(t)->'id', 1`,
  )
