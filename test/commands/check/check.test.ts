// The command on real files: when a server is asked for, and what becomes of a run without one.
import { afterEach, expect, test } from '@jest/globals'
import { symlinkSync } from 'node:fs'
import { check } from '../../../src/commands/check/check.js'
import type { CheckRequest } from '../../../src/requests/request.js'
import type { World } from '../../../src/commands/shared/context.js'
import { UserError } from '../../../src/model/errors.js'
import type { Report } from '../../../src/report/check-report.js'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { createRepository } from '../../../src/adapters/host/git/repository.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { silentProgress } from '../../../src/adapters/host/progress.js'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { renderText } from '../../../src/render/text/check.js'
import { makeFolder, type Folder } from '../../adapters/host/folder.js'
import { checkRequest } from '../../support/check.js'
import { NOTHING } from '../../support/nothing.js'

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

const pair = (name: string): Readonly<Record<string, string>> => ({
  [`migrations/${name}/00001_a.up.sql`]: 'CREATE TABLE a (id int);\n',
  [`migrations/${name}/00001_a.down.sql`]: 'DROP TABLE a;\n',
})
const REFUSED = new UserError({ kind: 'environment', what: 'no server', fix: 'Start one.' })

type Ran = { readonly report: Report; readonly starts: number }

async function run(
  files: Readonly<Record<string, string>>,
  options: {
    request?: Partial<CheckRequest>
    signal?: AbortSignal
    start?: () => Promise<ScratchServer>
    prepare?: (folder: Folder) => void
  } = {},
): Promise<Ran> {
  const folder = makeFolder(files)
  folders.push(folder)
  options.prepare?.(folder)
  let starts = 0
  const world: World = {
    ...NOTHING,
    files: createFiles(folder.path),
    repository: createRepository({ root: folder.path, environment: process.env }),
    forge: undefined,
    clock: systemClock,
    environment: {},
    startServer: () => {
      starts += 1
      return options.start?.() ?? Promise.reject(REFUSED)
    },
    targets: { open: () => Promise.reject(REFUSED) },
    modules: { call: () => Promise.reject(new Error('no seed is a module')) },
    progress: silentProgress,
    signal: options.signal ?? new AbortController().signal,
    cores: 2,
    tool: { name: 'x', version: '1.2.3' },
  }
  return { report: await check(checkRequest({ proof: 'guided', scope: 'changed', ...options.request }), world), starts }
}

test('without a server, judges the files and reports the missing server once', async () => {
  const { report, starts } = await run({ ...pair('a'), ...pair('b') })
  expect(starts).toBe(1)
  expect(report).toMatchObject({
    verdict: 'environment',
    exitCode: 3,
    server: undefined,
    counts: { databases: 2, migrations: 2, proved: 0, errors: 0 },
    problems: [{ what: 'no server', fix: 'Start one.' }],
  })
  expect(report.databases.map(({ notProved }) => notProved)).toEqual(['no server', 'no server'])
})

test('a missing server makes no run stricter, but an error in a file stays one', async () => {
  expect((await run(pair('a'), { request: { failOn: 'warning' } })).report.exitCode).toBe(3)
  const bad = { ...pair('a'), 'migrations/a/00002_b.up.sql': 'SELECT 1;\n' }
  expect((await run(bad)).report).toMatchObject({ verdict: 'fail', exitCode: 1 })
})

test('no server is started when there is nothing to prove', async () => {
  expect(await run(pair('a'), { request: { proof: 'none' } })).toMatchObject({ starts: 0, report: { verdict: 'pass' } })
  const downs = { 'migrations/a/00001_a.down.sql': 'DROP TABLE a;\n' }
  expect(await run(downs)).toMatchObject({ starts: 0, report: { verdict: 'fail' } })
})

test('an address that cannot be read is wrong use, and a bug is not swallowed', async () => {
  const use = new UserError({ kind: 'use', what: 'bad address', fix: '' })
  await expect(run(pair('a'), { start: () => Promise.reject(use) })).rejects.toBe(use)
  const bug = new TypeError('bug')
  await expect(run({ ...pair('a'), ...pair('b') }, { start: () => Promise.reject(bug) })).rejects.toBe(bug)
})

test('a cancelled run has no report', async () => {
  await expect(run(pair('a'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' })
  const controller = new AbortController()
  const start = (): Promise<ScratchServer> => {
    controller.abort()
    return Promise.reject(REFUSED)
  }
  await expect(run(pair('a'), { signal: controller.signal, start })).rejects.toMatchObject({ kind: 'cancelled' })
})

test('seeds are a stream of their own', async () => {
  const { report } = await run(
    {
      ...pair('a'),
      'migrations/a/seeds/00001_s.up.sql': 'INSERT INTO a VALUES (1);\n',
      'migrations/a/seeds/00001_s.down.sql': 'DELETE FROM a;\n',
    },
    { request: { proof: 'none' } },
  )
  expect(report.findings).toEqual([])
  expect(report.databases[0]?.migrations.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'schema 00001_a',
    'seed 00001_s',
  ])
})

test('names a folder behind a link out of the repository, and does not follow it', async () => {
  const outside = makeFolder(pair('kyc_db'))
  folders.push(outside)
  const link = (folder: Folder): void => {
    symlinkSync(outside.at('migrations/kyc_db'), folder.at('migrations/kyc_db'))
  }
  const reason = 'a link to a folder outside of the repository, which is not followed'
  const { report } = await run(pair('core_db'), { request: { proof: 'none' }, prepare: link })
  expect(report.databases).toMatchObject([
    { name: 'core_db', ignored: [{ path: 'migrations/kyc_db', reason, linked: true }] },
  ])
  const text = renderText(report, { colour: false, width: 120, verbosity: 'normal' })
  expect(text).toContain(`migrations/kyc_db: ${reason}`)
  const nothing = run({ 'migrations/README.md': '' }, { request: { proof: 'none' }, prepare: link })
  await expect(nothing).rejects.toMatchObject({ message: expect.stringContaining(`migrations/kyc_db is ${reason}`) })
})

test('levels and units of the config and of the request arrive', async () => {
  const files = {
    ...pair('a'),
    'migrations/a/00002_b.up.sql': 'SELECT 1;\n',
    'migration-gate.yml': 'proof: { unit: range }\nchecks: { unpaired: warning }\n',
  }
  const none = { proof: 'none' } as const
  expect((await run(files, { request: none })).report).toMatchObject({
    verdict: 'pass',
    databases: [{ unit: 'range' }],
  })
  expect((await run(files, { request: { ...none, failOn: 'warning', unit: 'chain' } })).report).toMatchObject({
    verdict: 'fail',
    databases: [{ unit: 'chain' }],
  })
})
