import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { provideServer } from '../../../../src/adapters/postgres/server/provide.js'
import {
  compiled,
  copyTree,
  eventually,
  giveTo,
  hidden,
  isReadableByAll,
  isRoot,
  isRunning,
  local,
  options,
  packages,
  removeFolder,
  runDirectories,
  serverPid,
  startChild,
  temporaryFolder,
} from './support.js'

const cache = await temporaryFolder()
const folder = await compiled()
afterAll(() => Promise.all([removeFolder(cache), removeFolder(folder)]))

const NOBODY = 65_534
const environment = { ...process.env, XDG_CACHE_HOME: cache }
const onMachine = local.builds.length > 0 ? test : test.skip
const asRoot = isRoot && isReadableByAll && packages.builds.length > 0 ? test : test.skip

const parentOf = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

describe('a process that dies with a server running', () => {
  onMachine('by kill -9: its guardian clears up (needs: PostgreSQL installed)', async () => {
    const { child, said, ended } = startChild({ folder, more: { wait: true }, environment })
    const { run = '' } = await said
    const pid = await serverPid(run)
    child.kill('SIGKILL')
    await ended
    expect(await eventually(async () => !isRunning(pid) && (await runDirectories(child.pid ?? 0)).length === 0)).toBe(
      true,
    )
  })

  onMachine('by Ctrl-C: it clears up itself (needs: PostgreSQL installed)', async () => {
    const { child, said, ended } = startChild({ folder, more: { wait: true }, environment })
    const { run = '' } = await said
    const pid = await serverPid(run)
    child.kill('SIGINT')
    expect(await eventually(async () => !isRunning(pid) && (await runDirectories(child.pid ?? 0)).length === 0)).toBe(
      true,
    )
    child.kill('SIGKILL')
    await ended
  })

  const onLinux = process.platform === 'linux' ? onMachine : test.skip
  onLinux('together with its guardian: the next run clears up (needs: Linux, PostgreSQL installed)', async () => {
    const { child, said, ended } = startChild({ folder, more: { wait: true }, environment })
    const { run = '' } = await said
    const pid = await serverPid(run)
    process.kill(await parentOf(pid), 'SIGKILL')
    child.kill('SIGKILL')
    await ended
    expect(isRunning(pid)).toBe(true)
    await (await provideServer(options(cache))).close()
    expect(await eventually(() => !isRunning(pid))).toBe(true)
    expect(await runDirectories(child.pid ?? 0)).toEqual([])
  })
})

describe('other accounts', () => {
  asRoot(
    'a plain user without a home, and a package that is closed to it (needs: root, platform package)',
    async () => {
      const home = await temporaryFolder()
      await giveTo(home, NOBODY)
      const modules = await temporaryFolder()
      await copyPackage(join(modules, 'package'))
      const where = { ...hidden('').environment, XDG_CACHE_HOME: undefined, HOME: home }
      const more = { packagesRoot: [join(modules, 'package')], programFolders: [] }
      for (const round of ['first', 'second']) {
        const { child, said, ended } = startChild({ folder, more, environment: where, uid: NOBODY })
        expect({ round, ...(await said) }).toMatchObject({
          report: { source: 'package', version: packages.builds[0]?.version },
        })
        await ended
        expect(await runDirectories(child.pid ?? 0)).toEqual([])
      }
      expect(await readdir(join(home, '.cache/pg-migration-gate/programs'))).toHaveLength(1)
      await Promise.all([removeFolder(home), removeFolder(modules)])
    },
  )

  asRoot('root with a package below a closed folder (needs: root, platform package)', async () => {
    const own = await temporaryFolder()
    const closed = join(own, 'closed')
    await mkdir(closed, { mode: 0o700 })
    await copyPackage(join(closed, 'package'))
    const clusters = await provideServer(options(own, { ...hidden(own), packagesRoot: [join(closed, 'package')] }))
    expect(clusters.main.report).toMatchObject({ source: 'package' })
    await clusters.close()
    expect(await readdir(join(own, 'pg-migration-gate/programs'))).toHaveLength(1)
    await removeFolder(own)
  })
})

/** The platform package as `npm ci --ignore-scripts` leaves it: without the library links. */
async function copyPackage(target: string): Promise<void> {
  await copyTree(dirname(packages.builds[0]?.root ?? ''), target)
  const links = JSON.parse(await readFile(join(target, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]
  for (const link of links) await rm(join(target, link.target), { force: true })
}
