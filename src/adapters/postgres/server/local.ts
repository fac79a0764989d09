// Finds the PostgreSQL programs that are installed on this machine.
import { constants } from 'node:fs'
import { access, readdir, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { OLDEST_MAJOR, byVersion } from './build.js'
import type { Build, Found } from './build.js'
import { runCommand } from './command.js'
import type { Machine } from './machine.js'

/**
 * Where packagers put the programs. A `*` matches a part of one name. Debian and Ubuntu, the RPMs of the project,
 * Alpine, Gentoo, the default of a build from source, Homebrew on both kinds of processor, Postgres.app.
 */
export const PROGRAM_FOLDERS: readonly string[] = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/libexec/postgresql*',
  '/usr/lib64/postgresql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
]

/** `folders` is PROGRAM_FOLDERS, or fewer in a test. Newest first. Of equal versions, the one that PATH names first. */
export async function findLocal(machine: Machine, folders: readonly string[]): Promise<Found> {
  const installed = Promise.all(folders.map(expand))
  const places = await Promise.all([
    onSearchPath(machine),
    configuredFolder(machine),
    installed.then((all) => all.flat()),
  ])
  const real = await Promise.all(places.flat().map(realFolder))
  const bins = [...new Set(real.filter((bin) => bin !== undefined))]
  const tried = await Promise.all(bins.map((bin) => probe(bin, machine)))
  return {
    builds: tried.filter((one) => typeof one === 'object').sort(byVersion),
    looked:
      bins.length === 0
        ? ['no initdb in PATH, pg_config --bindir, the folders of packages']
        : tried.filter((one) => typeof one === 'string'),
  }
}

async function onSearchPath({ environment }: Machine): Promise<readonly string[]> {
  const names = (environment['PATH'] ?? '').split(':').filter(isAbsolute)
  const found = await Promise.all(names.map((folder) => realpath(join(folder, 'initdb')).catch(() => undefined)))
  return found.filter((path) => path !== undefined).map((path) => dirname(path))
}

/** Only a pg_config of the given PATH counts, not one that our own additions to it would find. */
async function configuredFolder(machine: Machine): Promise<readonly string[]> {
  for (const folder of (machine.environment['PATH'] ?? '').split(':').filter(isAbsolute)) {
    const program = join(folder, 'pg_config')
    if (!(await isProgram(program))) continue
    const { code, output } = await runCommand({ program, args: ['--bindir'], machine })
    return code === 0 && isAbsolute(output.trim()) ? [output.trim()] : []
  }
  return []
}

/** The existing folders of a pattern. */
export async function expand(pattern: string): Promise<readonly string[]> {
  let paths = ['/']
  for (const part of pattern.split('/').filter(Boolean)) {
    const next = paths.map(async (path) => {
      if (!part.includes('*')) return [join(path, part)]
      const start = part.slice(0, part.indexOf('*'))
      const names = await readdir(path).catch(() => [])
      return names.filter((name) => name.startsWith(start)).map((name) => join(path, name))
    })
    paths = (await Promise.all(next)).flat()
  }
  return paths
}

/** A folder counts if a server can be made and started from it. A client's package has neither program. */
async function realFolder(folder: string): Promise<string | undefined> {
  const bin = await realpath(folder).catch(() => undefined)
  if (bin === undefined || !(await isProgram(join(bin, 'initdb'))) || !(await isProgram(join(bin, 'postgres'))))
    return undefined
  return bin
}

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

/** A build, or the reason why it is passed over. */
async function probe(bin: string, machine: Machine): Promise<Build | string> {
  const { code, output, spawnError } = await runCommand({ program: join(bin, 'postgres'), args: ['-V'], machine })
  const [, version] = /\(PostgreSQL\) (\S+)/.exec(output) ?? []
  if (code !== 0 || version === undefined)
    return `${bin} does not run (${spawnError ?? output.trim().split('\n')[0] ?? ''})`
  const major = Number.parseInt(version, 10)
  if (major < OLDEST_MAJOR) return `${bin} is ${version}, older than ${OLDEST_MAJOR}`
  return { source: 'local', bin, root: dirname(bin), version, major, identity: `${bin} ${output.trim()}` }
}
