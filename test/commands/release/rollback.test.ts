// Rollback in production: a statement that is true, a backup first, the text that was applied, from any checkout. A copy on
// a server without the roles, files that were edited, and wrong words are in test/long/rollback.test.ts.
import { describe, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { allDeployedBy, CHAIN, query } from '../../support/all-deployed.js'
import { down, seed } from '../../support/everyday.js'
import { downRequest, serverForTests } from '../../support/live.js'
import { expectWholeRollback, REVERSIBLE_HERE } from '../../support/whole-rollback.js'
import { outcomes, pairOf, productionsForTests, reasons, rules } from '../../support/production.js'

const makeProduction = productionsForTests(serverForTests())
const deployed = allDeployedBy(makeProduction)

describe('the statement', () => {
  test('says what is lost, which is what is lost', async () => {
    const at = await deployed()
    await query(at, `INSERT INTO users SELECT i, CASE WHEN i <= 3 THEN 'x' END FROM generate_series(1, 10) i`)
    await query(at, 'INSERT INTO logs SELECT generate_series(2, 7)')
    const stated = await at.rollback({ to: '00001' })
    expect(stated).toMatchObject({ verdict: 'fail', exitCode: 1 })
    expect(rules(stated)).toEqual(['confirmation'])
    expect(stated.approval?.refused[0]).toMatchObject({
      what: 'it is not confirmed',
      fix: `To continue: --confirm 'core_db 00001'`,
    })
    const wrong = await at.rollback({ to: '00001', confirm: 'core_db 00002', proof: 'none' })
    expect(wrong.approval?.refused[0]).toMatchObject({
      rule: 'confirmation',
      what: `the confirmation is wrong: 'core_db 00002' was typed, and 'core_db 00001' is due`,
      fix: `To continue: --confirm 'core_db 00001'`,
    })
    expect(stated.targets[0]?.ahead?.steps.map(({ id, losses }) => [id, losses])).toEqual([
      ['00003_m', [{ kind: 'table', table: 'public.logs', rows: 7, values: undefined }]],
      ['00002_m', [{ kind: 'column', table: 'public.users', column: 'phone', rows: 10, values: 3 }]],
    ])
    const rows = async () => {
      const [found] =
        (await query(at, `SELECT (SELECT count(*)::int FROM users) AS users, to_regclass('logs') AS logs`)) ?? []
      return found
    }
    expect(await rows()).toEqual({ users: 10, logs: 'logs' })
    const done = await at.rollback({ to: '00001', confirm: 'core_db  00001' })
    expect(done).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
    expect(outcomes(done)).toEqual(['core_db 00003 undone', 'core_db 00002 undone'])
    expect(await rows()).toEqual({ users: 10, logs: null })
    expect(done.targets[0]?.backup).toMatchObject({ kind: 'dump' })
    expect(done.targets[0]?.seen?.[0]).toMatchObject({ result: 'held', what: 'the schema is what was approved' })
  })

  test('steps that do not bring all back stop it until they are accepted by version', async () => {
    const at = await deployed({
      ...CHAIN,
      ...pairOf('core_db', '00004', 'DROP TABLE logs;', 'CREATE TABLE logs (id int);'),
      ...pairOf('core_db', '00005', 'CREATE TABLE x (id int);', '-- nothing'),
    })
    const confirm = 'core_db 00003'
    const report = await at.rollback({ to: '00003', confirm })
    expect(rules(report)).toEqual(['irreversible', 'irreversible'])
    expect(reasons(report)).toContain('core_db: 00005_m cannot be rolled back completely: its down does nothing')
    expect(reasons(report)).toContain('its up can remove data that no down restores (DROP TABLE)')
    expect(rules(await at.rollback({ to: '00003', confirm, irreversible: ['5'] }))).toEqual(['irreversible'])
    expect(await at.rollback({ to: '00003', confirm, irreversible: ['5', '00004'] })).toMatchObject({ verdict: 'pass' })
  })

  test('a down that fails on the copy of the live schema is never run live', async () => {
    const at = await deployed({
      ...CHAIN,
      ...pairOf('core_db', '00004', 'CREATE VIEW v AS SELECT * FROM logs;', 'DROP TABLE v;'),
    })
    const report = await at.rollback({ steps: 1, confirm: 'core_db 00003' })
    expect(rules(report)).toEqual(['plan'])
    expect(reasons(report)).toContain('core_db: 00004_m fails on a copy of the live structure: "v" is not a table')
    expect(existsSync(at.folder.at('backups'))).toBe(true)
    expect(readdirSync(at.folder.at('backups')).filter((name) => name.endsWith('.dump'))).toHaveLength(1)
  })
})

describe('the text of the downs', () => {
  test('is there in a checkout from before the files', async () => {
    const at = await deployed()
    for (const name of ['00002_m.up.sql', '00002_m.down.sql', '00003_m.up.sql', '00003_m.down.sql']) {
      rmSync(at.folder.at(path.join('migrations/core_db', name)))
    }
    const report = await at.rollback({ to: '00001', confirm: 'core_db 00001' })
    expect(report).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
    expect(report.targets[0]?.ahead?.steps.map(({ text }) => text?.why)).toEqual([
      'this checkout has no file for it',
      'this checkout has no file for it',
    ])
    expect(await query(at, 'SELECT version FROM schema_migrations')).toEqual([{ version: '1' }])
  })
})

describe('how far', () => {
  test('the steps of one run, by its plan or its page, and not when others came after', async () => {
    const at = await makeProduction(CHAIN)
    await at.deploy({ to: '00001' })
    const second = await at.deploy()
    const run = second.approval?.digest.slice(0, 12) ?? ''
    expect(outcomes(await at.rollback({ run, confirm: 'core_db 00001' }))).toEqual([
      'core_db 00003 undone',
      'core_db 00002 undone',
    ])
    expect((await at.rollback({ run, confirm: 'x' })).targets[0]?.stopped?.what).toBe(
      `core_db: our journal has nothing from run ${run} that is still applied`,
    )
    const third = await at.deploy({ to: '00002' })
    await at.deploy()
    expect(
      (await at.rollback({ run: third.approval?.digest ?? '', confirm: 'x' })).targets[0]?.stopped?.what,
    ).toContain('other migrations were applied after those of run')
  })

  test('down and seeds stay away from production', async () => {
    const at = await deployed()
    expect((await down(downRequest({ environment: 'production' }), at.world())).targets[0]?.stopped?.what).toBe(
      'core_db: down does not run here, because its environment is production',
    )
    // Once deployed to as production, whatever is said now.
    expect((await down(downRequest({ environment: 'staging' }), at.world())).targets[0]?.stopped?.what).toContain(
      'it was once deployed to as production',
    )
    at.write({
      'migrations/core_db/seeds/00010_s.up.sql': 'SELECT 1;',
      'migrations/core_db/seeds/00010_s.down.sql': 'SELECT 1;',
    })
    const { environment, ...options } = downRequest({ environment: 'production' })
    const planted = await seed({ ...options, environment, command: 'seed', direction: 'up', dryRun: false }, at.world())
    expect(planted).toMatchObject({ verdict: 'fail', targets: [{ stopped: { kind: 'refused' } }] })
  })
})

// One sample database here; the others, of every layout, are in test/long/rollback.test.ts.
test.each(REVERSIBLE_HERE)('%s: the fingerprint of before is there again', async (folder) => {
  await expectWholeRollback(makeProduction, folder)
})
