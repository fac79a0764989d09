// Deploys and rollbacks that are rarer than those of test/commands/release/deploy-hard.test.ts: on a server of another major, with
// a down that cannot be tried, without room for the description of a backup.
import { expect } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { compileProgram } from '../entry/program.js'
import { canMount } from '../support/deploy-troubles.js'
import { status } from '../support/everyday.js'
import { serverForTests, startLive, statusRequest } from '../support/live.js'
import { columnsOfUsers, expectNamedWrongly, NO_SERVER, ONE, oneAhead, runIn } from '../support/one-ahead.js'
import { BACKUP, pairOf, productionsForTests, type Production } from '../support/production.js'
import { platformPackage } from '../support/server.js'
import { testWithDump as test } from '../support/with-dump.js'

const program = compileProgram()
const live = serverForTests()
const makeProduction = productionsForTests(live)

const production = (files: Readonly<Record<string, string>> = ONE, server = live): Promise<Production> =>
  oneAhead(makeProduction, files, server)

const newest = platformPackage('postgres-18')
const withNewest = newest === undefined ? test.skip : test
const withDisks = canMount ? test : test.skip

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

test('an untested down runs only with --proof none', async () => {
  const at = await production()
  await at.upTo('00002')
  const back = ['rollback', '--databases', 'core_db', '--steps', '1', '--confirm', 'core_db 00001']
  const { code, out } = await runIn(program, at, [...back, ...NO_SERVER])
  expect([code, out]).toEqual([3, expect.stringContaining('no PostgreSQL 99 server to prove on')])
  expect(await columnsOfUsers(at)).toBe(2)
  expect(await runIn(program, at, [...back, ...NO_SERVER, '--proof', 'none'])).toMatchObject({ code: 0 })
  expect(await columnsOfUsers(at)).toBe(1)
})

test.each(['plan', 'rollback'])('%s: a server that is named wrongly is wrong use', async (command) => {
  await expectNamedWrongly(program, await production(), command)
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
