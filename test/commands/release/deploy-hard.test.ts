// Deploys against servers that will not do, disks that are full, locks that are held, applications that go on.
import { describe, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { LiveReport } from '../../../src/report/run-report.js'
import { compileProgram } from '../../entry/program.js'
import { startCrashing } from '../../support/crashing.js'
import { canMount, holdLocks } from '../../support/deploy-troubles.js'
import { status } from '../../support/everyday.js'
import { dsnOf, serverForTests, startLive, statusRequest } from '../../support/live.js'
import { hasPooler, startPooler } from '../../support/pooler.js'
import { BACKUP, outcomes, pairOf, productionsForTests, type Production } from '../../support/production.js'
import { platformPackage } from '../../support/server.js'

const program = compileProgram()
const live = serverForTests()
const makeProduction = productionsForTests(live)

const ONE = {
  ...pairOf('core_db', '00001', 'CREATE TABLE users (id int PRIMARY KEY);', 'DROP TABLE users;'),
  ...pairOf('core_db', '00002', 'ALTER TABLE users ADD COLUMN phone text;', 'ALTER TABLE users DROP COLUMN phone;'),
}

async function production(files: Readonly<Record<string, string>> = ONE, server = live): Promise<Production> {
  const at = await makeProduction(files, server)
  await at.upTo('00001')
  return at
}

/** The same folder, with another address behind the variable. */
const behind = (at: Production, dsn: string) =>
  program.run({
    entry: 'cli',
    cwd: at.folder.path,
    environment: { CORE_DB_DSN: dsn },
    words: ['deploy', '--environment', 'production', '--digest', 'deadbeef'],
  })

const withPooler = hasPooler ? test : test.skip
const withDisks = canMount ? test : test.skip
const withCrashing = spawnSync('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb']).status === 0 ? test : test.skip

describe('a server that will not do', () => {
  withPooler('PgBouncer in transaction mode is refused, in session mode taken', async () => {
    const at = await production()
    const { host = '' } = live.cluster.connection('postgres')
    for (const mode of ['transaction', 'session'] as const) {
      const pooler = await startPooler(host, mode)
      try {
        const { code, out } = await behind(at, pooler.dsn(at.databases['core_db']?.name ?? ''))
        if (mode === 'transaction') {
          expect([code, out]).toEqual([3, expect.stringContaining('a connection pooler in transaction mode')])
        } else {
          expect([code, out]).toEqual([1, expect.stringContaining('not the approved deadbeef')])
        }
      } finally {
        await pooler.close()
      }
    }
  })

  withCrashing('a standby is refused', async () => {
    const at = await production()
    const standby = await startCrashing({ standby: true })
    try {
      const { code, out } = await behind(at, `host='${standby?.folder ?? ''}' user=postgres dbname=postgres`)
      expect([code, out]).toEqual([3, expect.stringContaining('is a standby and takes no writes')])
    } finally {
      await standby?.close()
    }
  })

  const newest = platformPackage('postgres-18')
  const withNewest = newest === undefined ? test.skip : test
  withNewest('a live server of another major than the scratch one is compared by what both write alike', async () => {
    const eighteen = await startLive(newest)
    try {
      const at = await production(
        {
          ...ONE,
          ...pairOf('core_db', '00003', 'CREATE VIEW v AS SELECT id FROM users WHERE id > 0;', 'DROP VIEW v;'),
        },
        { ...eighteen, server: live.server },
      )
      expect((await at.plan()).targets[0]?.ahead?.drift).toEqual([])
      const report = await at.deploy({ backup: { ...BACKUP, kind: 'external', id: 'snap' } })
      expect(report).toMatchObject({ verdict: 'pass', counts: { done: 2 } })
      expect(report.targets[0]?.seen?.[0]).toMatchObject({
        result: 'held',
        seen: expect.stringMatching(/^\d+ objects compared, the changes of the steps without their exact text$/),
      })
      const stand = (request = statusRequest({ drift: true })) => status(request, at.world())
      expect((await stand()).targets[0]?.standing?.drift).toEqual([])
      await at.databases['core_db']?.query('DROP VIEW v; ALTER TABLE users ALTER id TYPE bigint')
      const { targets } = await stand()
      expect(targets[0]?.standing?.drift?.map(({ identity, change }) => [identity, change])).toEqual([
        ['public.users.id', 'changed'],
        ['public.v', 'lost'],
      ])
      expect(targets[0]?.notes.join()).toContain('only the existing objects and the types of columns were compared')
      // A backup of here, proved there.
      const fifteen = await production({
        ...ONE,
        ...pairOf('core_db', '00003', 'CREATE VIEW v AS SELECT id FROM users WHERE id > 0;', 'DROP VIEW v;'),
      })
      await fifteen.upTo('00003')
      fifteen.write({
        'migrations/core_db/00004_m.up.sql': 'CREATE TABLE x (id int);\n',
        'migrations/core_db/00004_m.down.sql': 'DROP TABLE x;\n',
      })
      const proved = await fifteen.deploy(
        { backup: { ...BACKUP, proof: 'restored' } },
        { backups: { withScratch: (_, body) => body(eighteen.cluster) } },
      )
      expect(proved).toMatchObject({ verdict: 'pass', targets: [{ backup: { proof: 'restored' } }] })
    } finally {
      await eighteen.close()
    }
  })
  withNewest('a server newer than every pg_dump is not changed', async () => {
    const eighteen = await startLive(newest)
    try {
      const at = await production(ONE, eighteen)
      const report = await at.deploy({}, { backups: { clientFolders: ['/usr/lib/postgresql/15/bin'] } })
      expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
      expect(report.targets[0]?.stopped?.what).toMatch(
        /^a backup of PostgreSQL 18\.\S* needs pg_dump 18 or newer, and there is (?:only 15|none)/,
      )
      expect(outcomes(report)).toEqual(['core_db 00002 not started'])
    } finally {
      await eighteen.close()
    }
  })
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

describe('no server to try the steps on', () => {
  /** There is no such PostgreSQL, so nothing is found on the machine, whatever it holds. */
  const NONE = ['--environment', 'production', '--postgres', '99']
  const words = (at: Production, words: readonly string[]) =>
    program.run({ entry: 'cli', cwd: at.folder.path, environment: at.dsns, words })
  const columns = async (at: Production) =>
    (
      await at.databases['core_db']?.query(
        `SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped`,
      )
    )?.length

  test('plan and deploy fail as environment before they touch anything, unless --no-proof is given', async () => {
    const at = await production()
    for (const command of ['plan', 'deploy']) {
      const { code, out } = await words(at, [command, ...NONE])
      expect([command, code]).toEqual([command, 3])
      expect(out).toContain('no PostgreSQL 99 server to prove on')
      expect(out).toContain('--server URL · install PostgreSQL 99 · npm install --include=optional')
      expect(out).toMatch(/To continue without a\s+dry\s+run:\s+--no-proof\./)
    }
    expect(existsSync(at.folder.at('migration-gate-backups'))).toBe(false)
    const asked = await words(at, ['plan', ...NONE, '--no-proof', '--output', 'json=plan.json'])
    expect([asked.code, asked.out]).toEqual([0, expect.stringContaining('there was no dry run')])
    const { approval } = JSON.parse(readFileSync(at.folder.at('plan.json'), 'utf8')) as LiveReport
    const again = ['--proof', 'none', '--plan', 'plan.json', '--digest', approval?.digest ?? '']
    expect(await words(at, ['deploy', ...NONE, ...again])).toMatchObject({ code: 0 })
    expect(await columns(at)).toBe(2)
    // Nothing is left that could be tried.
    expect(await words(at, ['plan', ...NONE])).toMatchObject({ code: 0 })
  })

  test('an untested down runs only with --proof none', async () => {
    const at = await production()
    await at.upTo('00002')
    const back = ['rollback', '--databases', 'core_db', '--steps', '1', '--confirm', 'core_db 00001']
    const { code, out } = await words(at, [...back, ...NONE])
    expect([code, out]).toEqual([3, expect.stringContaining('no PostgreSQL 99 server to prove on')])
    expect(await columns(at)).toBe(2)
    expect(await words(at, [...back, ...NONE, '--proof', 'none'])).toMatchObject({ code: 0 })
    expect(await columns(at)).toBe(1)
  })

  test('a server that must not hold the downs refuses a rollback, too', async () => {
    const role = `r${Date.now().toString(36)}`
    const at = await production({ ...ONE, ...pairOf('core_db', '00003', `CREATE ROLE ${role};`, `DROP ROLE ${role};`) })
    await at.upTo('00003')
    const shared = ['--environment', 'production', '--server', dsnOf(live.cluster, 'postgres')]
    const back = ['rollback', '--databases', 'core_db', '--steps', '1', '--confirm', 'core_db 00002', ...shared]
    const { code, out } = await words(at, back)
    expect([code, out]).toEqual([1, expect.stringContaining('core_db: a dry run of all downs was not possible: ')])
    expect(out).toContain('To run them without one: --no-proof.')
    expect(await words(at, [...back, '--proof', 'none'])).toMatchObject({ code: 0 })
  })

  test.each(['plan', 'deploy', 'rollback'])('%s: a server that is named wrongly is wrong use', async (command) => {
    const at = await production()
    const far = command === 'rollback' ? ['--databases', 'core_db', '--steps', '1'] : []
    const { code, err } = await words(at, [command, '--environment', 'production', '--server', 'here:5432', ...far])
    expect([code, err]).toEqual([2, expect.stringContaining('postgres://')])
  })
})

// test/long/deploy-faults.test.ts does more to it, twenty times each: a kill, a crash, a cut, a full disk, a spoilt
// archive, a COMMIT without an answer.
describe('something happens in the middle', () => {
  test('an application holds a lock', async () => {
    const ends = await holdLocks({ live, runs: 1, random: Math.random })
    expect(Object.values(ends)).toEqual([1])
  })
  withDisks('the disk is full when the backup is described', async () => {
    const at = await production()
    const folder = at.folder.at('small')
    mkdirSync(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder])
    try {
      const afterDump = (): Promise<void> => {
        const fill = path.join(folder, 'fill')
        const free = statfsSync(folder)
        writeFileSync(fill, Buffer.alloc(free.bavail * free.bsize))
        return Promise.resolve()
      }
      const report = await at.deploy(
        { backup: { ...BACKUP, folder: 'small' } },
        { backups: { freeBytes: 1e12, afterDump } },
      )
      expect(report).toMatchObject({ verdict: 'environment', exitCode: 3 })
      expect(report.targets[0]?.stopped?.what).toMatch(/^core_db: the backup failed: .*ENOSPC/)
      expect(readdirSync(folder)).toEqual(['fill'])
    } finally {
      execFileSync('umount', [folder])
    }
  })
})
