// Deploys that are rarer than those of test/commands/release/: with an offer of a way back, against another database under the
// approved name, against a standby, and while an application goes on.
import { expect } from '@jest/globals'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { compileProgram } from '../entry/program.js'
import { hasOwnServer, startCrashing } from '../support/crashing.js'
import { serverForTests } from '../support/live.js'
import { deployThrough, expectNothingDone, oneAhead } from '../support/one-ahead.js'
import { FOUR, pairOf, productionsForTests, reasons, type Production } from '../support/production.js'
import { testWithDump as test } from '../support/with-dump.js'

const program = compileProgram()
const live = serverForTests()
const makeProduction = productionsForTests(live)

const production = (files?: Readonly<Record<string, string>>): Promise<Production> => oneAhead(makeProduction, files)

test('where the config wants an offer, each way back is tried on a copy, and what it would lose is counted', async () => {
  const at = await production({
    ...FOUR,
    ...pairOf('core_db', '00002', `ALTER TABLE a ADD COLUMN note text DEFAULT 'x';`, 'ALTER TABLE a DROP COLUMN note;'),
    ...pairOf('kyc_db', '00002', 'ALTER TABLE a ADD COLUMN note text;', '-- nothing'),
    ...pairOf('rates_db', '00002', 'ALTER TABLE a ADD CHECK (id < 2);', 'ALTER TABLE a DROP CONSTRAINT a_id_check;'),
  })
  at.write({ 'migration-gate.yml': 'deploy:\n  order: [core_db, kyc_db, rates_db, audit_db]\n  on-failure: offer\n' })
  await at.databases['core_db']?.query('INSERT INTO a VALUES (1)')
  await at.databases['rates_db']?.query('INSERT INTO a VALUES (1), (2)')
  const approved = await at.approve()
  const broken = await at.deploy(approved)
  expect(broken.exitCode).toBe(4)
  // The down of kyc_db is empty, so its rollback asks to accept that.
  expect(broken.ways?.map(({ command }) => /rollback .*--databases (\w+)(.*)/.exec(command)?.slice(1))).toEqual(
    expect.arrayContaining([
      ['kyc_db', " --to 00001 --confirm 'kyc_db 00001' --accept-irreversible 00002"],
      ['core_db', " --to 00001 --confirm 'core_db 00001'"],
    ]),
  )
  const offers = broken.ways?.flatMap(({ what, tried }) => (tried === undefined ? [] : [{ what, ...tried }]))
  expect(offers).toEqual([
    {
      what: 'Roll back what this run did to kyc_db',
      result: 'failed',
      losses: [],
      why: '00002_m: its down does nothing',
    },
    {
      what: 'Roll back what this run did to core_db',
      result: 'ran',
      why: undefined,
      losses: [{ kind: 'column', table: 'public.a', column: 'note', rows: 1, values: 1 }],
    },
  ])
})

test('refused: another database that was given the name of the approved one', async () => {
  const at = await production()
  const approved = await at.approve()
  const name = at.databases['core_db']?.name ?? ''
  const keeper = await live.database()
  await keeper.query(`ALTER DATABASE ${name} RENAME TO ${name}_approved`)
  await keeper.query(`CREATE DATABASE ${name} TEMPLATE ${name}_approved`)
  expect(reasons(await at.deploy(approved))).toMatch(
    /core_db: a different target: its database OID is \d+, not the approved \d+/,
  )
  await expectNothingDone(at)
  await keeper.query(`DROP DATABASE ${name}`)
  await keeper.query(`ALTER DATABASE ${name}_approved RENAME TO ${name}`)
  expect(await at.deploy(approved)).toMatchObject({ verdict: 'pass' })
})

const withOwnServer = hasOwnServer ? test : test.skip
withOwnServer('a standby is refused', async () => {
  const at = await production()
  const standby = await startCrashing({ standby: true })
  try {
    const { code, out } = await deployThrough(
      program,
      at,
      `host='${standby?.folder ?? ''}' user=postgres dbname=postgres`,
    )
    expect([code, out]).toEqual([3, expect.stringContaining('is a standby and takes no writes')])
  } finally {
    await standby?.close()
  }
})

const bin = [
  '/usr/lib/postgresql/15/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/17/bin',
  '/usr/lib/postgresql/18/bin',
].find((folder) => existsSync(path.join(folder, 'pgbench')))
const withBench = bin === undefined ? test.skip : test
withBench(
  'an application goes on while its table is changed: no transaction fails or waits over the lock timeout plus 1 s',
  async () => {
    const at = await production({
      ...pairOf(
        'core_db',
        '00001',
        `CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84));
CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88));
CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84));
CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));`,
        'DROP TABLE pgbench_accounts, pgbench_branches, pgbench_tellers, pgbench_history;',
      ),
      ...pairOf(
        'core_db',
        '00002',
        'ALTER TABLE pgbench_accounts ADD COLUMN note text;',
        'ALTER TABLE pgbench_accounts DROP COLUMN note;',
      ),
      ...pairOf(
        'core_db',
        '00003',
        'CREATE INDEX CONCURRENTLY by_bid ON pgbench_accounts (bid);',
        'DROP INDEX CONCURRENTLY by_bid;',
      ),
      ...pairOf(
        'core_db',
        '00004',
        'ALTER TABLE pgbench_accounts ADD CONSTRAINT some_bid CHECK (bid > 0) NOT VALID;',
        'ALTER TABLE pgbench_accounts DROP CONSTRAINT some_bid;',
      ),
      ...pairOf('core_db', '00005', 'ALTER TABLE pgbench_accounts VALIDATE CONSTRAINT some_bid;', 'SELECT 1;'),
    })
    const { host = '' } = live.cluster.connection('postgres')
    const bench = (...words: readonly string[]) =>
      promisify(execFile)(
        path.join(bin ?? '', 'pgbench'),
        [...words, '-h', host, '-U', 'postgres', at.databases['core_db']?.name ?? ''],
        { cwd: at.folder.path },
      )
    await bench('-i', '-I', 'g', '-s', '1', '-q')
    const approved = await at.approve()
    // Without a rate it would take all that the machine has.
    const load = bench('-n', '-c', '4', '-T', '4', '-R', '200', '-l')
    const report = await at.deploy({ ...approved, lockMs: 500 })
    const { stdout } = await load
    expect(report).toMatchObject({ verdict: 'pass', counts: { done: 4 } })
    expect(stdout).toMatch(/number of failed transactions: 0/)
    const logs = readdirSync(at.folder.path).filter((name) => name.startsWith('pgbench_log'))
    const waits = logs.flatMap((name) =>
      readFileSync(at.folder.at(name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[2]) / 1000),
    )
    expect(waits.length).toBeGreaterThan(100)
    expect(Math.max(...waits)).toBeLessThan(1_500)
  },
)
