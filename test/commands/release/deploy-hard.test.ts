// Deploys against servers that will not do, without a server to try the steps on, disks that are full, locks that are held.
// A standby and an application that goes on are in test/long/deploy.test.ts.
import { describe, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { LiveReport } from '../../../src/report/run-report.js'
import { compileProgram } from '../../entry/program.js'
import { canMount, holdLocks } from '../../support/deploy-troubles.js'
import { status } from '../../support/everyday.js'
import { dsnOf, serverForTests, startLive, statusRequest } from '../../support/live.js'
import { deployThrough, ONE, oneAhead } from '../../support/one-ahead.js'
import { hasPooler, startPooler } from '../../support/pooler.js'
import { BACKUP, outcomes, pairOf, productionsForTests, type Production } from '../../support/production.js'
import { platformPackage } from '../../support/server.js'

const program = compileProgram()
const live = serverForTests()
const makeProduction = productionsForTests(live)

const production = (files: Readonly<Record<string, string>> = ONE, server = live): Promise<Production> =>
  oneAhead(makeProduction, files, server)

const withPooler = hasPooler ? test : test.skip
const withDisks = canMount ? test : test.skip

describe('a pooler, a server of another major, a server newer than every pg_dump', () => {
  withPooler('PgBouncer in transaction mode is refused, in session mode taken', async () => {
    const at = await production()
    const { host = '' } = live.cluster.connection('postgres')
    for (const mode of ['transaction', 'session'] as const) {
      const pooler = await startPooler(host, mode)
      try {
        const { code, out } = await deployThrough(program, at, pooler.dsn(at.databases['core_db']?.name ?? ''))
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
      expect(out).toContain('do one of: --server URL · install PostgreSQL 99')
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
