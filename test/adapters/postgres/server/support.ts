// What the tests of the server share: an isolated cache, leftovers, and our code in a process of its own.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmod, chown, mkdtemp, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import type { Cluster } from '../../../../src/adapters/postgres/cluster.js'
import { PROGRAM_FOLDERS, findLocal } from '../../../../src/adapters/postgres/server/local.js'
import { findPackages } from '../../../../src/adapters/postgres/server/package.js'
import type { ProvideOptions } from '../../../../src/adapters/postgres/server/provide.js'
import { parents } from '../../../../src/adapters/postgres/server/run-directory.js'
import { compileProgram } from '../../../entry/program.js'
import type { Machine } from '../../../../src/adapters/postgres/server/machine.js'

const ROOT = resolve(import.meta.dirname, '../../../../')

/** This machine as it is, but with a cache of its own. */
export const machine = (cache: string): Machine => ({
  environment: { ...process.env, XDG_CACHE_HOME: cache },
  platform: process.platform,
  arch: process.arch,
  uid: process.getuid?.(),
  gid: process.getgid?.(),
})

export const options = (cache: string, more: Partial<ProvideOptions> = {}): ProvideOptions => ({
  ...machine(cache),
  server: undefined,
  major: undefined,
  disposable: false,
  packagesRoot: [ROOT],
  signal: new AbortController().signal,
  ...more,
})

/** As on a machine without PostgreSQL. */
export const hidden = (cache: string): Pick<ProvideOptions, 'environment' | 'programFolders'> => ({
  environment: { ...process.env, XDG_CACHE_HOME: cache, PATH: '/nonexistent' },
  programFolders: [],
})

export const local = await findLocal(machine('/nonexistent'), PROGRAM_FOLDERS)
export const packages = await findPackages(machine('/nonexistent'), [ROOT])
export const isRoot = process.getuid?.() === 0

/** A folder that every account may enter, as a cache or for anything else; in memory where that is large enough. */
export async function temporaryFolder(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  const large = memory !== undefined && memory.bavail * memory.bsize > 2_000_000_000
  const folder = await mkdtemp(join(large ? '/dev/shm' : tmpdir(), 'gate-test-'))
  await chmod(folder, 0o755)
  return folder
}

/** Run directories that the process of this id made and that are still there. */
export async function runDirectories(pid: number): Promise<readonly string[]> {
  const lists = await Promise.all(
    parents(machine('/nonexistent')).map(async (parent) => {
      const names = await readdir(parent).catch(() => [])
      return names.filter((name) => name.startsWith(`pmg-${pid}-`)).map((name) => join(parent, name))
    }),
  )
  return lists.flat()
}

export async function ask(cluster: Cluster, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(cluster.connection(cluster.maintenance))
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

export const serverPid = async (run: string): Promise<number> =>
  Number.parseInt(await readFile(join(run, 'data/postmaster.pid'), 'utf8'), 10)

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Asks again and again, because another process does the work; false after ten seconds. */
export async function eventually(happened: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const start = Date.now(); Date.now() - start < 10_000;) {
    if (await happened()) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

const childOf = (provide: string): string => `
import { provideServer } from '${pathToFileURL(provide).href}'
const more = JSON.parse(process.argv[2])
const stop = new AbortController()
process.on('SIGINT', () => stop.abort())
try {
  const clusters = await provideServer({
    environment: process.env, platform: process.platform, arch: process.arch,
    uid: process.getuid(), gid: process.getgid(),
    major: undefined, disposable: false, packagesRoot: [], signal: stop.signal, ...more,
  })
  console.log(JSON.stringify({ report: clusters.main.report, run: clusters.main.connection('postgres').host }))
  if (more.wait) await new Promise((resolve) => setTimeout(resolve, 60_000))
  await clusters.close()
} catch (error) {
  console.log(JSON.stringify({ name: error.name, kind: error.kind, what: error.message }))
}
`

/** A folder with a program that starts our server, for a process that jest does not run. */
export async function compiled(): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'child.js'), childOf(compileProgram().file('adapters/postgres/server/provide')))
  return folder
}

export type Said = {
  readonly run?: string
  readonly report?: { version: string; source: string }
  readonly what?: string
  readonly kind?: string
}

/** Starts the child; `said` is its first line, `ended` its end. */
export function startChild(start: {
  readonly folder: string
  readonly more: Record<string, unknown>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly uid?: number
}): { readonly child: ChildProcess; readonly said: Promise<Said>; readonly ended: Promise<void> } {
  const child = spawn(process.execPath, [join(start.folder, 'child.js'), JSON.stringify(start.more)], {
    env: start.environment,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(start.uid !== undefined && { uid: start.uid, gid: start.uid }),
  })
  let text = ''
  child.stdout.setEncoding('utf8')
  const said = new Promise<Said>((resolve) => {
    child.stdout.on('data', (part: string) => {
      text += part
      if (text.includes('\n')) resolve(JSON.parse(text.slice(0, text.indexOf('\n'))) as Said)
    })
  })
  return { child, said, ended: new Promise((resolve) => child.once('close', () => resolve())) }
}

/** Whether every account may read this checkout and this Node. */
export const isReadableByAll = [ROOT, process.execPath].every((path) => {
  for (let part = path; part !== dirname(part); part = dirname(part))
    if ((statSync(part).mode & 0o001) === 0) return false
  return true
})

export const giveTo = (path: string, uid: number): Promise<void> => chown(path, uid, uid)

export const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true })

/** With owners and modes. */
export const copyTree = async (source: string, target: string): Promise<void> => {
  await promisify(execFile)('cp', ['-a', source, target])
}
