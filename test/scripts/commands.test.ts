// The scripts, the Makefile and the entrypoint of the image, run with the real program on a real server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { compileProgram, type Program } from '../entry/program.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { openOutsideServer, type OutsideServer } from '../support/outside.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const DATABASES = ['audit_db', 'core_db', 'kyc_db', 'rates_db']
const PASSWORD = 'correct horse battery'

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
const withPsql = has('psql') && has('make') ? describe : describe.skip

withPsql('from four empty databases to seeded ones and back (needs psql and make)', () => {
  let server: OutsideServer
  let program: Program
  let folder: Folder
  let environment: Record<string, string>

  const run = (words: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const [file = '', ...rest] = words
    const { status, stdout, stderr } = spawnSync(file, rest, {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ...environment, ...more },
    })
    return { status, said: `${stdout}${stderr}` }
  }
  const tables = async (database: string): Promise<number> =>
    Number((await server.rows(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))[0]?.[0])
  const count = async (database: string, table: string): Promise<string> =>
    (await server.rows(database, `SELECT count(*) FROM ${table}`))[0]?.[0] ?? ''

  beforeAll(async () => {
    server = await openOutsideServer()
    program = compileProgram()
    // As in the image, the program is on the PATH.
    folder = makeFolder({ 'pg-migration-gate': `#!/bin/sh\nexec node "$MIGRATION_GATE_CLI" "$@"\n` })
    chmodSync(folder.at('pg-migration-gate'), 0o755)
    writeFileSync(folder.at('hello'), '#!/bin/sh\necho "hello $1 from $$"\n')
    chmodSync(folder.at('hello'), 0o755)
    environment = {
      ...server.environment,
      ...Object.fromEntries(DATABASES.map((name) => [`${name.toUpperCase()}_DSN`, server.url(name)])),
      MIGRATION_GATE_CLI: program.file('entry/cli'),
      POSTGRES_USER: server.environment['PGUSER'] ?? '',
      PATH: `${folder.path}:${process.env['PATH'] ?? ''}`,
      APP_ENV: '',
      NODE_OPTIONS: '',
    }
  })
  afterAll(async () => {
    folder.remove()
    await server.close()
  })

  test('init-databases.sh, then one database after the other or all of them', async () => {
    expect(run(['docker/init-databases.sh']).status).toBe(0)
    expect(run(['scripts/migrate-up.sh', 'core_db', '00002']).status).toBe(0)
    expect(await tables('core_db')).toBe(3)
    expect(run(['scripts/migrate-all.sh', '--dry-run']).status).toBe(0)
    expect(await tables('kyc_db')).toBe(0)
    expect(run(['scripts/migrate-all.sh']).status).toBe(0)
    expect(await tables('core_db')).toBe(5)
    expect(await tables('kyc_db')).toBe(3)
  })

  test('migrate-down.sh rolls back one, or all above a version', async () => {
    expect(run(['scripts/migrate-down.sh', 'core_db']).status).toBe(0)
    expect(
      await server.rows('core_db', "SELECT to_regclass('open_wallets'), to_regclass('wallet_transactions')"),
    ).toEqual([[null, 'wallet_transactions']])
    expect(run(['scripts/migrate-down.sh', 'core_db', '00002']).status).toBe(0)
    expect(await tables('core_db')).toBe(3)
    expect(run(['scripts/migrate-down.sh']).status).not.toBe(0)
  })

  test('make: up, status, down of one, never of all', async () => {
    expect(run(['make', 'migrate-up', 'DB=core_db']).status).toBe(0)
    expect(run(['make', 'migrate-status']).status).toBe(0)
    expect(run(['make', 'migrate-down', 'DB=core_db']).status).toBe(0)
    expect(run(['make', 'migrate-down']).said).toContain('cannot roll back all databases at once')
    expect(run(['make', 'migrate-up']).status).toBe(0)
    expect(await tables('core_db')).toBe(5)
  })

  test('make test-migrations proves them', () => {
    const { status, said } = run(['make', 'test-migrations', 'DB=audit_db'])
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('PASS') as unknown })
  })

  test('seed-dev.sh and make seed-dev seed, and no password is seen', async () => {
    const { status, said } = run(['scripts/seed-dev.sh'], { SEED_ADMIN_PASSWORD: PASSWORD })
    expect(status).toBe(0)
    expect(said).not.toContain(PASSWORD)
    expect(await count('core_db', 'users')).toBe('3')
    expect(await count('rates_db', 'exchange_rates')).toBe('5')
    expect(run(['make', 'seed-dev', 'DB=core_db']).status).toBe(0)
    expect(run(['node', program.file('entry/cli'), 'seed', '--down', '--databases', 'core_db']).status).toBe(0)
    expect(await count('core_db', 'users')).toBe('0')
    const announced = run(['make', 'seed-dev', 'DB=core_db'], { SEED_ADMIN_PASSWORD: '' })
    expect(announced).toEqual({ status: 0, said: expect.stringContaining('SEED_ADMIN_PASSWORD is not set') as unknown })
    expect(run(['node', program.file('entry/cli'), 'seed', '--environment', 'production']).status).toBe(1)
  })

  describe('the entrypoint of the image', () => {
    const entrypoint = (...words: readonly string[]): readonly string[] => ['docker/entrypoint.sh', ...words]

    test('brings everything up to date, seeds when asked, and becomes the command', async () => {
      await server.rows('kyc_db', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public')
      const { status, said } = run(entrypoint('hello', 'world'), {
        MIGRATION_GATE_SEED: 'yes',
        MIGRATION_GATE_WAIT: '5s',
      })
      expect(said).toMatch(/^hello world from \d+$/m)
      expect(status).toBe(0)
      expect(await count('kyc_db', 'kyc_submissions')).toBe('2')
    })

    test('fails before the command where it cannot', () => {
      const { status, said } = run(entrypoint('hello'), {
        MIGRATION_GATE_WAIT: '1s',
        KYC_DB_DSN: server.url('nowhere'),
      })
      expect(status).not.toBe(0)
      expect(said).not.toContain('hello ')
    })

    test('in production waits for a deploy and changes nothing', async () => {
      expect(run(['scripts/migrate-down.sh', 'core_db']).status).toBe(0)
      const behind = run(entrypoint('hello'), { APP_ENV: 'production', MIGRATION_GATE_WAIT: '1s' })
      expect(behind.status).not.toBe(0)
      expect(await server.rows('core_db', "SELECT to_regclass('open_wallets')")).toEqual([[null]])
      expect(run(['make', 'migrate-up']).status).toBe(0)
      expect(run(entrypoint('hello'), { APP_ENV: 'production' }).status).toBe(0)
    })
  })
})
