// What a script makes for the current role, in the current database: their names differ on the scratch server.
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { status } from '../../support/everyday.js'
import { startLive, statusRequest, type LiveServer } from '../../support/live.js'
import { makeProduction, outcomes, pairOf, type Production } from '../../support/production.js'

let live: LiveServer
const made: Production[] = []
beforeAll(async () => {
  live = await startLive()
  const database = await live.database()
  await database.query('CREATE ROLE deployer SUPERUSER LOGIN; CREATE ROLE app')
})
afterAll(() => live.close())
afterEach(() => {
  for (const { folder } of made.splice(0)) folder.remove()
})

async function production(files: Readonly<Record<string, string>>, to: string): Promise<Production> {
  const one = await makeProduction(live, files)
  made.push(one)
  for (const [name, dsn] of Object.entries(one.dsns)) {
    Object.assign(one.dsns, { [name]: dsn.replace(/user='[^']*'/, "user='deployer'") })
  }
  await one.upTo(to)
  return one
}

const FIRST = pairOf(
  'core_db',
  '00001',
  `CREATE TABLE t (who name);
   CREATE POLICY mine ON t TO current_user USING (true);
   CREATE POLICY theirs ON t TO app USING (true);
   CREATE FOREIGN DATA WRAPPER w;
   CREATE SERVER away FOREIGN DATA WRAPPER w;
   CREATE USER MAPPING FOR current_user SERVER away;
   DO $$BEGIN EXECUTE format('COMMENT ON TABLE t IS %L', 'of ' || current_database()); END$$;`,
  'DROP SERVER away CASCADE; DROP FOREIGN DATA WRAPPER w; DROP TABLE t;',
)
const SECOND = pairOf(
  'core_db',
  '00002',
  `CREATE TABLE u (a text);
   CREATE POLICY mine ON u TO session_user, app USING (true);
   DO $$BEGIN EXECUTE format('ALTER TABLE u ALTER a SET DEFAULT %L', current_database()); END$$;`,
  'DROP TABLE u;',
)

test('a deploy comes out as it was approved, and nothing drifts', async () => {
  const at = await production({ ...FIRST, ...SECOND }, '00001')
  const planned = await at.plan()
  expect(planned).toMatchObject({ verdict: 'pass', targets: [{ ahead: { rehearsed: true, drift: [] } }] })
  const deployed = await at.deploy()
  expect(outcomes(deployed)).toEqual(['core_db 00002 applied'])
  expect(deployed.verdict).toBe('pass')
  expect(deployed.targets[0]?.seen?.filter(({ result }) => result !== 'held')).toEqual([])
  expect(await status(statusRequest({ drift: true, check: true }), at.world())).toMatchObject({ verdict: 'pass' })
})

test('another role than the one that ran it is drift', async () => {
  const at = await production(FIRST, '00001')
  await at.databases['core_db']?.query(
    'ALTER POLICY mine ON t TO app; DROP USER MAPPING FOR deployer SERVER away; CREATE USER MAPPING FOR app SERVER away',
  )
  const { targets } = await status(statusRequest({ drift: true }), at.world())
  expect(targets[0]?.standing?.drift?.map(({ change, identity }) => [change, identity])).toEqual(
    expect.arrayContaining([
      ['changed', 'public.t.mine'],
      ['left behind', 'for app on away'],
      ['lost', 'for current_user on away'],
    ]),
  )
})
