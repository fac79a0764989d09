// Chains that change a whole server, on a given one: what they leave there is found, and taken away again.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/adapters/host/clock.js'
import { createScratchServer } from '../../src/adapters/postgres/scratch/server.js'
import { provideServer } from '../../src/adapters/postgres/server/provide.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { options, removeFolder, temporaryFolder } from '../adapters/postgres/server/support.js'
import { migration } from '../support/migrations.js'
import { openOutsideServer, type OutsideServer } from '../support/outside.js'
import { proveChain } from '../support/prove.js'

let outside: OutsideServer
let cache: string
beforeAll(async () => {
  cache = await temporaryFolder()
  outside = await openOutsideServer()
  await outside.create('core_db')
  await outside.rows('postgres', `CREATE ROLE maker LOGIN CREATEDB CREATEROLE; CREATE ROLE there PASSWORD 'planted';`)
}, 120_000)
afterAll(async () => {
  await outside.close()
  await removeFolder(cache)
})

async function given(role: string, disposable = true): Promise<ScratchServer> {
  const server = `host='${outside.environment['PGHOST'] ?? ''}' user=${role} dbname=postgres sslmode=disable`
  return createScratchServer(await provideServer({ ...options(cache), server, disposable }), systemClock)
}

/** One migration for each up, with a down that undoes nothing of it. */
const forgetful = (...ups: readonly string[]): Parameters<typeof proveChain>[1] =>
  ups.map((up, at) =>
    migration({
      version: String(at + 1),
      name: 'm',
      up,
      down: 'ANALYZE',
      transaction: up.includes('CREATE DATABASE') || up.includes('SYSTEM') ? 'none' : 'wrapped',
    }),
  )

/** What all databases of the server share. */
const state = async (): Promise<unknown> =>
  Promise.all(
    [
      'SELECT rolname, rolconnlimit, rolconfig, shobj_description(oid, $$pg_authid$$) FROM pg_roles ORDER BY 1',
      'SELECT roleid::regrole, member::regrole FROM pg_auth_members ORDER BY 1, 2',
      `SELECT datname, datconnlimit, datacl IS NULL OR datacl <@ acldefault('d', datdba) AND datacl @> acldefault('d', datdba), shobj_description(oid, 'pg_database') FROM pg_database ORDER BY 1`,
      'SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting',
      `SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'`,
      `SELECT spcname, spcacl IS NULL OR spcacl <@ acldefault('t', spcowner), spcoptions FROM pg_tablespace ORDER BY 1`,
      'SELECT roname FROM pg_replication_origin',
    ].map((query) => outside.rows('postgres', query)),
  )

const found = ({ migrations }: Awaited<ReturnType<typeof proveChain>>): readonly (string | undefined)[] =>
  migrations.map(({ proof }) =>
    proof?.differences.map(({ change, kind, identity }) => `${change} ${kind} ${identity}`).join(),
  )

describe('a disposable server', () => {
  test('that has the database of the migrations: its settings, comment and rights are compared', async () => {
    const server = await given('postgres')
    const before = await state()
    const result = await proveChain(
      server,
      forgetful(
        `ALTER DATABASE core_db SET timezone TO 'UTC'`,
        `COMMENT ON DATABASE core_db IS 'mine'`,
        'GRANT CONNECT ON DATABASE core_db TO pg_monitor',
      ),
    )
    await server.close()
    expect(found(result)).toEqual(Array(3).fill('changed database core_db'))
    expect(await state()).toEqual(before)
  })

  test('is brought back to what it was, whatever a chain leaves', async () => {
    const server = await given('postgres')
    const before = await state()
    const result = await proveChain(
      server,
      forgetful(
        'CREATE ROLE planted; GRANT planted TO there; GRANT CREATE ON TABLESPACE pg_default TO planted',
        `ALTER ROLE there SET work_mem = '8MB'; ALTER ROLE ALL SET search_path = 'a', 'B'; COMMENT ON ROLE there IS 'x'`,
        'CREATE DATABASE planted_db',
        `ALTER SYSTEM SET work_mem = '8MB'`,
        `SELECT pg_replication_origin_create('planted')`,
        `CREATE SUBSCRIPTION planted CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false)`,
      ),
    )
    await server.close()
    expect(found(result).map((words) => words?.split(',')[0])).toEqual([
      'left behind role planted',
      'changed role there',
      'left behind database planted_db',
      'left behind server setting work_mem',
      'left behind replication origin planted',
      'left behind subscription planted',
    ])
    expect(result.bug).toBeUndefined()
    expect(await state()).toEqual(before)
  })

  test('with a role that may not see all: what it does not see is not judged', async () => {
    const server = await given('maker')
    const result = await proveChain(
      server,
      ['CREATE ROLE planted', `ALTER ROLE planted PASSWORD 'a'`, 'ALTER ROLE planted CREATEDB'].map((up, at) =>
        migration({
          version: String(at + 1),
          name: 'm',
          up,
          down: ['DROP ROLE planted', 'ALTER ROLE planted PASSWORD NULL', 'ALTER ROLE planted NOCREATEDB'][at],
        }),
      ),
    )
    await server.close()
    expect(result.migrations.map(({ proof }) => [proof?.down, proof?.failure?.environment])).toEqual([
      ['same', undefined],
      ['not run', 'role "maker" may not read passwords of roles (pg_authid)'],
      ['same', undefined],
    ])
  })
})

test('on a server that others use a hidden change is rolled back and refused', async () => {
  const server = await given('postgres', false)
  const before = await state()
  const hidden = `DO $$ BEGIN EXECUTE 'CR' || 'EATE RO' || 'LE hidden'; END $$`
  await expect(proveChain(server, forgetful(hidden))).rejects.toMatchObject({
    kind: 'environment',
    message: expect.stringContaining('others may use'),
  })
  await server.close()
  expect(await state()).toEqual(before)
})
