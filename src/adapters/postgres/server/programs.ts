// Makes the programs of a build executable for the account that has to run them.
import { chmod, cp, lstat, mkdir, readFile, readdir, rename, symlink } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { stopIfCancelled } from '../../../model/errors.js'
import { UserError } from '../../../model/errors.js'
import type { Build } from './build.js'
import type { Cache } from './cache.js'
import { removeTree, runCommand } from './command.js'
import type { Ended } from './command.js'
import { ownerTag } from './owner.js'
import type { Account, Machine } from './machine.js'

type Options = {
  readonly build: Build
  readonly cache: Cache | undefined
  readonly machine: Machine
  readonly account: Account | undefined
  readonly signal: AbortSignal
}

/**
 * The usable build: in its own place, or as a copy in the cache. It is a copy if that place is closed to the account.
 * It is a copy too if it lacks the links of a platform package and is closed to us. Programs of the machine were tried
 * when they were found.
 */
export async function ensureStartable(options: Options): Promise<Build> {
  const { build, cache } = options
  if (build.source === 'local' && options.account === undefined) return build
  const linked = build.source === 'local' || (await linkLibraries(build.root))
  const here = linked ? await tryStart(options, build) : undefined
  if (here?.code === 0) return build
  const copyHelps = !linked || options.account !== undefined
  if (!copyHelps || cache === undefined) throw cannotStart(build, here)
  const copy = await ensureCopy({ ...options, cache })
  const there = await tryStart(options, copy)
  if (there.code === 0) return copy
  throw cannotStart(build, there)
}

const tryStart = ({ machine, account, signal }: Options, { bin }: Build): Promise<Ended> =>
  runCommand({ program: join(bin, 'postgres'), args: ['-V'], machine, account, signal })

function cannotStart(build: Build, ended: Ended | undefined): UserError {
  return new UserError({
    kind: 'environment',
    what: `The PostgreSQL ${build.version} programs in ${build.bin} cannot be started: ${reasonOf(ended)}.`,
    fix: 'Install PostgreSQL on this machine, or name a server with --server.',
  })
}

function reasonOf(ended: Ended | undefined): string {
  if (ended === undefined) return 'its library links are missing and there is no folder to work in'
  if (ended.spawnError === 'ENOENT') return 'this system lacks the C library (glibc) that they were built for'
  return ended.spawnError ?? ended.output.trim().split('\n')[0] ?? 'they end at once'
}

type Link = { readonly source: string; readonly target: string }

/** Makes the links that the package's install script would have made. False when the folder is closed to us. */
async function linkLibraries(root: string): Promise<boolean> {
  for (const { source, target } of await readLinks(root)) {
    const path = join(dirname(root), target)
    if (await lstat(path).catch(() => undefined)) continue
    const done = await symlink(relative(dirname(path), join(dirname(root), source)), path).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST',
    )
    if (!done) return false
  }
  return true
}

/** `pg-symlinks.json`: pairs of paths from the package's folder, all below `native/`. */
async function readLinks(root: string): Promise<readonly Link[]> {
  const text = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const pairs = JSON.parse(text) as readonly Link[]
  return pairs.filter(({ source, target }) => [source, target].every((path) => isBelow(path, 'native')))
}

const isBelow = (path: string, folder: string): boolean => {
  const inside = relative(folder, path)
  return !isAbsolute(path) && inside !== '' && !inside.startsWith('..')
}

/** Copies under a unique name, then renames. So two runs at once both end with a complete copy. */
async function ensureCopy(options: Options & { readonly cache: Cache }): Promise<Build> {
  const { build, cache, machine, signal } = options
  const key = createHash('sha256').update(build.identity).digest('hex').slice(0, 16)
  const place = join(cache.programs, `${build.major}-${key}`)
  const root = join(place, 'native')
  const copy = { ...build, root, bin: join(root, 'bin') }
  if (await lstat(place).catch(() => undefined)) return copy
  const draft = `${place}.${await ownerTag(machine)}-0`
  try {
    await mkdir(join(draft, 'native'), { recursive: true, mode: 0o755 })
    for (const name of await partsOf(build)) {
      stopIfCancelled(signal)
      const target = join(draft, 'native', name)
      await cp(join(build.root, name), target, { recursive: true, verbatimSymlinks: true }).catch((cause: unknown) => {
        throw new UserError({
          kind: 'environment',
          what: `The PostgreSQL programs in ${build.bin} could not be copied to ${cache.programs}.`,
          fix: 'See whether that disk is full, or name a server with --server.',
          cause,
        })
      })
    }
    await openForReading(draft)
    await linkLibraries(join(draft, 'native'))
    await rename(draft, place).catch(() => undefined)
  } finally {
    await removeTree({ path: draft, machine, account: undefined })
  }
  return copy
}

/** Copies only what belongs to PostgreSQL, and no other files beside it. */
async function partsOf({ root, bin }: Build): Promise<readonly string[]> {
  const names = [basename(bin), 'lib', 'lib64', 'share', 'pg-symlinks.json']
  const there = await readdir(root)
  return names.filter((name) => there.includes(name))
}

async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openForReading(path)
    if (!entry.isFile()) continue
    const { mode } = await lstat(path)
    await chmod(path, (mode & 0o111) === 0 ? 0o644 : 0o755)
  }
}
