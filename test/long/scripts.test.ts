// The scripts and the entrypoint of the image in rarer turns than those of test/scripts/commands.test.ts.
import { expect, test } from '@jest/globals'
import { entrypoint, scriptsForTests, withPsql } from '../support/scripts.js'

withPsql('from four empty databases (needs psql and make)', () => {
  const { run, rows, tables } = scriptsForTests()

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

  test('the entrypoint in production waits for a deploy and changes nothing', async () => {
    expect(run(['scripts/migrate-down.sh', 'core_db']).status).toBe(0)
    const behind = run(entrypoint('hello'), { APP_ENV: 'production', MIGRATION_GATE_WAIT: '1s' })
    expect(behind.status).not.toBe(0)
    expect(await rows('core_db', "SELECT to_regclass('open_wallets')")).toEqual([[null]])
    expect(run(['make', 'migrate-up']).status).toBe(0)
    expect(run(entrypoint('hello'), { APP_ENV: 'production' }).status).toBe(0)
  })
})
