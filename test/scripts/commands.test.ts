// The scripts, the Makefile and the entrypoint of the image, run with the real program on a real server. A dry run of all, one
// database to a version, and the entrypoint in production are in test/long/scripts.test.ts.
import { describe, expect, test } from '@jest/globals'
import { entrypoint, scriptsForTests, withPsql } from '../support/scripts.js'

const PASSWORD = 'correct horse battery'

withPsql('from four empty databases to seeded ones and back (needs psql and make)', () => {
  const scripts = scriptsForTests()
  const { run, tables, count } = scripts

  test('init-databases.sh makes them, migrate-all.sh fills them', async () => {
    expect(run(['docker/init-databases.sh']).status).toBe(0)
    expect(run(['scripts/migrate-all.sh']).status).toBe(0)
    expect(await tables('core_db')).toBe(5)
    expect(await tables('kyc_db')).toBe(3)
  })

  test('migrate-down.sh rolls back one, or all above a version', async () => {
    expect(run(['scripts/migrate-down.sh', 'core_db']).status).toBe(0)
    expect(
      await scripts.rows('core_db', "SELECT to_regclass('open_wallets'), to_regclass('wallet_transactions')"),
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
    expect(run(['node', scripts.cli(), 'seed', '--down', '--databases', 'core_db']).status).toBe(0)
    expect(await count('core_db', 'users')).toBe('0')
    const announced = run(['make', 'seed-dev', 'DB=core_db'], { SEED_ADMIN_PASSWORD: '' })
    expect(announced).toEqual({ status: 0, said: expect.stringContaining('SEED_ADMIN_PASSWORD is not set') as unknown })
    expect(run(['node', scripts.cli(), 'seed', '--environment', 'production']).status).toBe(1)
  })

  describe('the entrypoint of the image', () => {
    test('brings everything up to date, seeds when asked, and becomes the command', async () => {
      await scripts.rows('kyc_db', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public')
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
        KYC_DB_DSN: scripts.url('nowhere'),
      })
      expect(status).not.toBe(0)
      expect(said).not.toContain('hello ')
    })
  })
})
