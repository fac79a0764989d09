// Every sample database that can be rolled back, but for the one of test/commands/release/rollback.test.ts, and rollbacks that
// are rarer than those there: on a server without the roles, of files that were edited since, with wrong words.
import { expect } from '@jest/globals'
import { allDeployedBy, CHAIN, query } from '../support/all-deployed.js'
import { serverForTests, startLive } from '../support/live.js'
import { BACKUP, pairOf, productionsForTests, rules } from '../support/production.js'
import { expectWholeRollback, REVERSIBLE_ELSEWHERE, REVERSIBLE_HERE } from '../support/whole-rollback.js'
import { testWithDump as test } from '../support/with-dump.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)
const deployed = allDeployedBy(makeProduction)

test('there are twelve in all', () => {
  expect(REVERSIBLE_ELSEWHERE.length + REVERSIBLE_HERE.length).toBe(12)
})

test.each(REVERSIBLE_ELSEWHERE)('%s: the fingerprint of before is there again', async (folder) => {
  await expectWholeRollback(makeProduction, folder)
})

test('is tried on a copy with the roles that policies and downs name', async () => {
  const role = `keeper_${Date.now().toString(36)}`
  const keeper = await live.database()
  await keeper.query(`CREATE ROLE ${role}`)
  const at = await deployed({
    ...CHAIN,
    ...pairOf(
      'core_db',
      '00004',
      `ALTER TABLE logs ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON logs TO ${role} USING (true); GRANT SELECT ON users TO ${role};`,
      `REVOKE SELECT ON users FROM ${role}; DROP POLICY own ON logs; ALTER TABLE logs DISABLE ROW LEVEL SECURITY;`,
    ),
    ...pairOf('core_db', '00005', 'CREATE TABLE x (id int);', 'DROP TABLE x;'),
  })
  try {
    // A separate server that does not have the role.
    const apart = await startLive()
    try {
      const done = await at.rollback({ steps: 2, confirm: 'core_db 00003' }, { server: apart.server })
      expect(done).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
      expect(done.targets[0]?.ahead?.rehearsed).toBe(true)
      expect(done.targets[0]?.seen?.[0]).toMatchObject({ result: 'held', what: 'the schema is what was approved' })
    } finally {
      await apart.close()
    }
  } finally {
    await query(at, `DROP OWNED BY ${role}; DROP ROLE ${role}`)
  }
})

test('is what was applied, when the file says something else now', async () => {
  const at = await deployed()
  at.write({ 'migrations/core_db/00003_m.down.sql': `DROP TABLE users; -- 'not this'\n` })
  const report = await at.rollback({ steps: 1, confirm: 'core_db 00002' })
  expect(report).toMatchObject({ verdict: 'pass', counts: { done: 1 } })
  expect(report.targets[0]?.ahead?.steps[0]?.text).toEqual({
    from: 'journal',
    why: 'the file in this checkout differs from what was applied',
    file: 'DROP TABLE users;',
    recorded: 'DROP TABLE logs;',
  })
  expect(await query(at, `SELECT to_regclass('users') AS users, to_regclass('logs') AS logs`)).toEqual([
    { users: 'users', logs: null },
  ])
})

test('nothing said, two things said, all databases at once, a fork: refused', async () => {
  const at = await deployed()
  await expect(at.rollback({})).rejects.toThrow('rollback needs to know how far')
  await expect(at.rollback({ to: '1', steps: 1 })).rejects.toThrow('--to and --steps contradict each other')
  const two = await makeProduction({ ...CHAIN, ...pairOf('kyc_db', '00001', 'SELECT 1;', 'SELECT 1;') })
  await expect(two.rollback({ steps: 1 })).rejects.toThrow('cannot roll back all databases at once')
  const origin = { event: 'pull_request', fork: true, refProtected: false, ref: undefined }
  expect(rules(await at.rollback({ steps: 1, confirm: 'core_db 00002' }, { origin }))).toEqual(['fork'])
  expect(await at.rollback({ steps: 1, confirm: 'core_db 00002', backup: { ...BACKUP, kind: 'none' } })).toMatchObject({
    verdict: 'environment',
    targets: [{ stopped: { what: 'core_db: production is not changed without a backup' } }],
  })
})
