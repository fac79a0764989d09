// Deploys against servers that will not do, without a server to try the steps on, locks that are held. Servers of another
// major, downs that cannot be tried and full disks are in test/long/deploy-hard.test.ts, poolers in test/long/poolers.test.ts,
// a standby and an application that goes on in test/long/deploy.test.ts.
import { describe, expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { existsSync, readFileSync } from 'node:fs'
import type { LiveReport } from '../../../src/report/run-report.js'
import { compileProgram } from '../../entry/program.js'
import { holdLocks } from '../../support/deploy-troubles.js'
import { dsnOf, serverForTests, startLive } from '../../support/live.js'
import { columnsOfUsers, expectNamedWrongly, NO_SERVER, ONE, oneAhead, runIn } from '../../support/one-ahead.js'
import { outcomes, pairOf, productionsForTests, type Production } from '../../support/production.js'
import { platformPackage } from '../../support/server.js'

const program = compileProgram()
const live = serverForTests()
const makeProduction = productionsForTests(live)

const production = (files: Readonly<Record<string, string>> = ONE, server = live): Promise<Production> =>
  oneAhead(makeProduction, files, server)

describe('a server newer than every pg_dump', () => {
  const newest = platformPackage('postgres-18')
  const withNewest = newest === undefined ? test.skip : test
  withNewest('is not changed', async () => {
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
  const words = (at: Production, words: readonly string[]) => runIn(program, at, words)

  test('plan and deploy fail as environment before they touch anything, unless --no-proof is given', async () => {
    const at = await production()
    for (const command of ['plan', 'deploy']) {
      const { code, out } = await words(at, [command, ...NO_SERVER])
      expect([command, code]).toEqual([command, 3])
      expect(out).toContain('no PostgreSQL 99 server to prove on')
      expect(out).toContain('do one of: --server URL · install PostgreSQL 99')
      expect(out).toMatch(/To continue without a\s+dry\s+run:\s+--no-proof\./)
    }
    expect(existsSync(at.folder.at('migration-gate-backups'))).toBe(false)
    const asked = await words(at, ['plan', ...NO_SERVER, '--no-proof', '--output', 'json=plan.json'])
    expect([asked.code, asked.out]).toEqual([0, expect.stringContaining('there was no dry run')])
    const { approval } = JSON.parse(readFileSync(at.folder.at('plan.json'), 'utf8')) as LiveReport
    const again = ['--proof', 'none', '--plan', 'plan.json', '--digest', approval?.digest ?? '']
    expect(await words(at, ['deploy', ...NO_SERVER, ...again])).toMatchObject({ code: 0 })
    expect(await columnsOfUsers(at)).toBe(2)
    // Nothing is left that could be tried.
    expect(await words(at, ['plan', ...NO_SERVER])).toMatchObject({ code: 0 })
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

  test('a server that is named wrongly is wrong use', async () => {
    await expectNamedWrongly(program, await production(), 'deploy')
  })
})

// test/long/deploy-faults.test.ts does more to it, twenty times each: a kill, a crash, a cut, a full disk, a spoilt
// archive, a COMMIT without an answer.
describe('something happens in the middle', () => {
  test('an application holds a lock', async () => {
    const ends = await holdLocks({ live, runs: 1, random: Math.random })
    expect(Object.values(ends)).toEqual([1])
  })
})
