// The folder of one server: where it is made, and how to remove what a killed run left.
import { chown, lstat, mkdtemp, open, readdir, statfs } from 'node:fs/promises'
import { constants } from 'node:fs'
import { freemem } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { UserError } from '../../../model/errors.js'
import { removeTree, runCommand } from './command.js'
import { OWNER_PATTERN, commandLine, isOwnerAlive, ownerTag } from './owner.js'
import type { Account, Machine } from './machine.js'

type Options = { readonly machine: Machine; readonly account: Account | undefined }

/** `freeBytes` is the free space when the folder was made. `memory` says that the file system is in memory. */
export type RunDirectory = { readonly path: string; readonly freeBytes: number; readonly kind: 'memory' | 'disk' }

const PREFIX = 'pmg-'
const MIB = 1_048_576
/** A fresh cluster has 23 MB, each scratch database 8 MB and more. The rest is room for WAL and data. */
const ENOUGH_MEMORY = 512 * MIB
const ENOUGH_DISK = 100 * MIB
/** statfs(2): TMPFS_MAGIC. */
const TMPFS = 0x01021994
/** Bytes of a Unix socket's path, less the longest name that we put below a candidate. macOS: 103, Linux: 107. */
const LONGEST_PARENT = 103 - '/pmg-4194304-zzzzzzzzz-zzzzzzzz-xxxxxx/.s.PGSQL.5432'.length

/** Memory first, then the temp folder, then /tmp, whose path is always short enough for a socket. */
export function parents({ environment, platform }: Machine): readonly string[] {
  const temporary = (environment['TMPDIR'] ?? '').replace(/\/+$/, '')
  const named = isAbsolute(temporary) && Buffer.byteLength(temporary) <= LONGEST_PARENT ? [temporary] : []
  return [...new Set([...(platform === 'linux' ? ['/dev/shm'] : []), ...named, '/tmp'])]
}

/** Makes the folder, open to the server's account only. Rejects with a UserError when no place has room. */
export async function makeRunDirectory(options: Options): Promise<RunDirectory> {
  const { machine, account } = options
  const passed: string[] = []
  for (const parent of parents(machine)) {
    const room = await roomIn(parent)
    if (typeof room === 'string') {
      passed.push(`${parent} (${room})`)
      continue
    }
    const path = await mkdtemp(join(parent, `${PREFIX}${await ownerTag(machine)}-`)).catch(() => undefined)
    if (path === undefined) {
      passed.push(`${parent} (cannot be written)`)
      continue
    }
    if (account === undefined) return { path, ...room }
    await chown(path, account.uid, account.gid)
    const { code } = await runCommand({
      program: '/bin/sh',
      args: ['-c', 'cd -- "$1"', 'sh', path],
      machine,
      account,
    })
    if (code === 0) return { path, ...room }
    passed.push(`${parent} (closed to the account ${account.name})`)
    await removeTree({ path, machine, account: undefined })
  }
  throw new UserError({
    kind: 'environment',
    what: `There is no room for a PostgreSQL server: ${passed.join(', ')}.`,
    fix: 'Free 100 MB there, or set TMPDIR to a larger place.',
  })
}

async function roomIn(parent: string): Promise<Omit<RunDirectory, 'path'> | string> {
  const system = await statfs(parent).catch(() => undefined)
  if (system === undefined) return 'is not there'
  const inMemory = system.type === TMPFS
  const freeBytes = Math.min(system.bavail * system.bsize, inMemory ? freemem() : Infinity)
  const needed = parent === '/dev/shm' ? ENOUGH_MEMORY : ENOUGH_DISK
  if (parent === '/dev/shm' && !inMemory) return 'is not in memory'
  if (freeBytes < needed) return `${Math.floor(freeBytes / MIB)} MB free`
  return { freeBytes, kind: inMemory ? 'memory' : 'disk' }
}

/** Ends the servers and removes the folders of dead runs. Never rejects. */
export async function sweepRunDirectories(options: Options): Promise<void> {
  const ours = [options.machine.uid, options.account?.uid]
  for (const parent of parents(options.machine)) {
    for (const name of await readdir(parent).catch(() => [])) {
      const owner = new RegExp(`^${PREFIX}${OWNER_PATTERN}-\\w{6}$`).exec(name)
      if (owner === null) continue
      const path = join(parent, name)
      const status = await lstat(path).catch(() => undefined)
      if (!status?.isDirectory() || !ours.includes(status.uid)) continue
      if (await isOwnerAlive(owner.slice(1), options.machine)) continue
      await endServer(path, options)
      await removeTree({ path, ...options, account: status.uid === options.account?.uid ? options.account : undefined })
    }
  }
}

/** Ends only a process whose own command line says that it is the server of this very folder. */
async function endServer(path: string, { machine }: Options): Promise<void> {
  const pid = Number.parseInt(await readTail(join(path, 'data/postmaster.pid')), 10)
  const isServer = async (): Promise<boolean> =>
    (await commandLine(pid, machine))?.includes(` -D ${path}/data `) ?? false
  for (let tries = 0; pid > 1 && tries < 100 && (await isServer()); tries++) {
    if (tries === 0 || tries === 90) process.kill(pid, tries === 0 ? 'SIGQUIT' : 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/**
 * The last 4 kB of a file that another account may have put there: follows no links, does not wait. Empty when
 * unreadable.
 */
export async function readTail(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(4096), position: Math.max(0, size - 4096) })
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return ''
  } finally {
    await file.close()
  }
}
