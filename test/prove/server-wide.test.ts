// Statements about the whole server, each as a migration of one chain: with downs that undo them, and with some that forget.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Migration } from '../../src/model/migration.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { migration } from '../support/migrations.js'
import { proveChain } from '../support/prove.js'
import { openServer } from '../support/server.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
}, 60_000)
afterAll(() => server.close())

type Row = {
  readonly up: string
  readonly down: string
  /** It refuses a transaction. */
  readonly alone?: true
  /** What a down that does something else leaves behind; undefined where it is not tried. */
  readonly leaves?: string
  readonly since?: number
}

const SUBSCRIBE = `CREATE SUBSCRIPTION s CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false)`

const STATEMENTS: readonly Row[] = [
  { up: 'CREATE ROLE a', down: 'DROP ROLE a', leaves: 'left behind role a' },
  { up: 'ALTER ROLE app CREATEDB CONNECTION LIMIT 5', down: 'ALTER ROLE app NOCREATEDB CONNECTION LIMIT -1' },
  { up: `ALTER ROLE app SET work_mem = '8MB'`, down: 'ALTER ROLE app RESET ALL' },
  { up: `ALTER ROLE app PASSWORD 'a'`, down: 'ALTER ROLE app PASSWORD NULL' },
  { up: `ALTER ROLE app VALID UNTIL '2040-01-01'`, down: `ALTER ROLE app VALID UNTIL 'infinity'` },
  { up: 'ALTER ROLE a RENAME TO b', down: 'ALTER ROLE b RENAME TO a' },
  { up: 'GRANT pg_monitor TO app', down: 'REVOKE pg_monitor FROM app' },
  { up: 'GRANT app TO CURRENT_USER', down: 'REVOKE app FROM CURRENT_USER' },
  {
    up: `ALTER ROLE ALL SET work_mem = '8MB'`,
    down: 'ALTER ROLE ALL RESET work_mem',
    leaves: 'left behind setting of all roles work_mem',
  },
  { up: 'ALTER ROLE CURRENT_USER CONNECTION LIMIT 50', down: 'ALTER ROLE CURRENT_USER CONNECTION LIMIT -1' },
  { up: `COMMENT ON ROLE app IS 'x'`, down: 'COMMENT ON ROLE app IS NULL', leaves: 'left behind comment role app' },
  { up: `COMMENT ON TABLESPACE pg_default IS 'x'`, down: 'COMMENT ON TABLESPACE pg_default IS NULL' },
  {
    up: `COMMENT ON DATABASE template1 IS NULL`,
    down: `COMMENT ON DATABASE template1 IS 'default template for new databases'`,
  },
  {
    up: `ALTER SYSTEM SET work_mem = '8MB'`,
    down: 'ALTER SYSTEM RESET work_mem',
    alone: true,
    leaves: 'left behind server setting work_mem',
  },
  {
    up: 'CREATE DATABASE other_db',
    down: 'DROP DATABASE other_db',
    alone: true,
    leaves: 'left behind database other_db',
  },
  { up: `ALTER DATABASE postgres SET work_mem = '8MB'`, down: 'ALTER DATABASE postgres RESET work_mem' },
  { up: 'ALTER DATABASE postgres CONNECTION LIMIT 9', down: 'ALTER DATABASE postgres CONNECTION LIMIT -1' },
  { up: 'GRANT CREATE ON DATABASE postgres TO app', down: 'REVOKE CREATE ON DATABASE postgres FROM app' },
  { up: 'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC', down: 'GRANT CONNECT ON DATABASE postgres TO PUBLIC' },
  { up: 'GRANT CREATE ON TABLESPACE pg_default TO app', down: 'REVOKE CREATE ON TABLESPACE pg_default FROM app' },
  {
    up: 'ALTER TABLESPACE pg_default SET (seq_page_cost = 2)',
    down: 'ALTER TABLESPACE pg_default RESET (seq_page_cost)',
  },
  {
    up: 'GRANT SET ON PARAMETER work_mem TO app',
    down: 'REVOKE SET ON PARAMETER work_mem FROM app',
    since: 15,
    leaves: 'left behind parameter work_mem',
  },
  {
    up: `SELECT pg_replication_origin_create('o')`,
    down: `SELECT pg_replication_origin_drop('o')`,
    leaves: 'left behind replication origin o',
  },
  { up: `SELECT pg_create_physical_replication_slot('k')`, down: `SELECT pg_drop_replication_slot('k')` },
  { up: `SELECT pg_create_logical_replication_slot('l', 'pgoutput')`, down: `SELECT pg_drop_replication_slot('l')` },
  {
    up: SUBSCRIBE,
    down: 'ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s',
    leaves: 'left behind subscription s',
  },
  { up: 'CREATE PUBLICATION p FOR ALL TABLES', down: 'DROP PUBLICATION p' },
  { up: 'SELECT lo_create(4711)', down: 'SELECT lo_unlink(4711)' },
  { up: 'ALTER TABLE t OWNER TO app', down: 'ALTER TABLE t OWNER TO CURRENT_USER' },
  // Nothing of these stays.
  { up: `LISTEN a; NOTIFY a, 'x'`, down: 'UNLISTEN a' },
  { up: 'SELECT pg_advisory_lock(7)', down: 'SELECT pg_advisory_unlock(7)' },
  { up: `SELECT pg_create_restore_point('r')`, down: 'ANALYZE' },
  { up: 'CREATE TEMPORARY TABLE m (id integer)', down: 'ANALYZE' },
  { up: `SELECT pg_create_physical_replication_slot('n', false, true)`, down: 'ANALYZE' },
  { up: 'CHECKPOINT', down: 'ANALYZE' },
]

const BEFORE = { up: 'CREATE ROLE app; CREATE TABLE t (id integer)', down: 'DROP TABLE t; DROP ROLE app' }

/** The statements as a chain. `forget` replaces downs. */
const chainOf = (rows: readonly Row[], forget: (row: Row) => boolean): readonly Migration[] =>
  [BEFORE, ...rows].map((row: Row, at) =>
    migration({
      version: String(at + 1),
      name: 'm',
      up: row.up,
      down: forget(row) ? 'COMMENT ON TABLE t IS NULL' : row.down,
      transaction: row.alone ? 'none' : 'wrapped',
    }),
  )

const here = (): readonly Row[] => STATEMENTS.filter(({ since = 0 }) => since <= server.report.major)

describe('statements about the whole server', () => {
  test('with downs that undo them all is proved', async () => {
    const { migrations, chain, bug } = await proveChain(
      server,
      chainOf(here(), () => false),
    )
    const wrong = migrations.filter(({ proof }) => proof?.down !== 'same' || proof.again !== 'same')
    expect(wrong.map(({ id, proof }) => ({ id, proof }))).toEqual([])
    expect([chain?.down, chain?.again, bug]).toEqual(['same', 'same', undefined])
    expect(here().length).toBeGreaterThan(25)
  })

  test('with downs that forget some, those are named and no others', async () => {
    const rows = here().filter(({ leaves }, at) => leaves !== undefined || at % 8 === 0)
    const { migrations, bug } = await proveChain(
      server,
      chainOf(rows, ({ leaves }) => leaves !== undefined),
    )
    const found = migrations.map(({ proof }) =>
      proof?.differences.map(({ change, kind, identity }) => `${change} ${kind} ${identity}`).join(),
    )
    expect(found).toEqual(['', ...rows.map(({ leaves }) => leaves ?? '')])
    expect(bug).toBeUndefined()
  })
})

test('an older up that fails does not make those before it run twice on one server', async () => {
  const chain = [
    migration({ version: '1', name: 'role', up: 'CREATE ROLE a', down: 'DROP ROLE a' }),
    migration({ version: '2', name: 'broken', up: 'SELECT 1 / 0', down: 'ANALYZE' }),
    migration({ version: '3', name: 'new', up: 'GRANT pg_monitor TO a', down: 'REVOKE pg_monitor FROM a' }),
  ]
  const { migrations } = await proveChain(server, chain, 'guided', 2)
  expect(migrations.map(({ proof }) => [proof?.up, proof?.down])).toEqual([
    [undefined, undefined],
    ['failed', 'not run'],
    ['ok', 'same'],
  ])
})

test('lines for a forgotten change of the role that runs the script do not name the role of the scratch server', async () => {
  const setting = (role: string): string =>
    `DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET work_mem = %L', ${role}, '8MB'); END $$`
  const chain = [setting('current_user'), setting(`'postgres'`)].map((up, at) =>
    migration({ version: String(at + 1), name: 'm', up: up.replace('8MB', `${at + 8}MB`), down: 'ANALYZE' }),
  )
  const { migrations } = await proveChain(server, chain)
  expect(migrations.map(({ proof }) => proof?.repair?.sql)).toEqual([
    'ALTER ROLE CURRENT_USER RESET work_mem;',
    `ALTER ROLE postgres SET work_mem TO '8MB';`,
  ])
})

describe('a change of the server that the text does not show', () => {
  const hidden = `DO $$ BEGIN EXECUTE 'CR' || 'EATE RO' || 'LE hidden'; END $$`
  const shown = `DO $$ BEGIN EXECUTE 'DR' || 'OP RO' || 'LE hidden'; END $$`

  test.each(['guided', 'full'] as const)('is found by what it does (%s)', async (snapshots) => {
    const chain = [
      migration({ version: '1', name: 'right', up: hidden, down: shown }),
      migration({ version: '2', name: 'wrong', up: hidden.replace('hidden', 'other'), down: 'ANALYZE' }),
    ]
    const { migrations, bug } = await proveChain(server, chain, snapshots)
    expect(migrations.map(({ proof }) => proof?.down)).toEqual(['same', 'differs'])
    expect(migrations[1]?.proof?.differences).toMatchObject([{ kind: 'role', identity: 'other' }])
    expect(bug).toBeUndefined()
  })
})

describe('a script that runs only once', () => {
  const once = (file: string): string => `DO $$ DECLARE file text := ${file}; BEGIN
  IF (pg_stat_file(file, true)).size IS NOT NULL THEN RAISE 'it is there'; END IF;
  EXECUTE format('COPY (SELECT 1) TO %L', file);
END $$`
  // What a temporary table leaves in a session cannot be rolled back, so the down is tried on another database.
  const chain = (file: string): readonly Migration[] => [
    migration({ version: '1', name: 'once', up: once(file), down: undefined }),
    migration({
      version: '2',
      name: 'wrong',
      up: 'CREATE TABLE u (id integer); CREATE TABLE v (); CREATE TEMPORARY TABLE w ()',
      down: 'DROP TABLE u',
    }),
  ]

  test('on one server is judged on a new server for each attempt', async () => {
    const { migrations, bug } = await proveChain(
      server,
      chain(`current_setting('data_directory') || '/planted_marker'`),
    )
    expect(migrations.map(({ proof }) => proof?.down)).toEqual(['missing', 'differs'])
    expect(bug).toBeUndefined()
  })

  test('on one machine is not judged, and the error says which and why', async () => {
    const marker = path.join(tmpdir(), `pg-migration-gate-${randomUUID()}`)
    try {
      await expect(proveChain(server, chain(`'${marker}'`))).rejects.toMatchObject({
        kind: 'environment',
        message: expect.stringMatching(/^1_once\.up\.sql ran once, and failed when it ran again .*: it is there/),
      })
    } finally {
      await rm(marker, { force: true })
    }
  })
})
