// An archive on the disk: its name, the room for it, whether it is readable, its size and checksum.
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BackupRecord } from '../../../release/backup.js'
import { UserError } from '../../../model/errors.js'
import type { Machine } from '../server/machine.js'
import { describe } from '../server/connect-errors.js'
import type { Clients } from './clients.js'
import { runProgram } from './program.js'

/** Compressed, the rows of tables need at most a third of their room (measured: a thirtieth to a third). */
const SHARE = 3

/** `core_db_20261123T160000Z_1a2b3c4d`. */
export const archiveName = (name: string, now: number): string =>
  `${name.replaceAll(/[^\w.-]/g, '_')}_${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}_${randomBytes(4).toString('hex')}`

/**
 * Makes the folder, readable only by this account, and hidden from git, because it will hold data. Rejects with a
 * UserError when it is not writable, or has no room for that many bytes.
 */
export async function makeRoom(folder: string, data: number, freeBytes?: number): Promise<void> {
  try {
    if (await makeFolder(folder)) await writeFile(path.join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (cause) {
    throw refused(`the folder for backups ${folder} cannot be created`, 'Name another folder: --backup-folder.', cause)
  }
  const space = await statfs(folder)
  const free = freeBytes ?? space.bavail * space.bsize
  const needed = Math.ceil(data / SHARE)
  if (free >= needed) return
  throw refused(
    `a backup needs about ${megabytes(needed)}, and ${megabytes(free)} are free in ${folder}`,
    'Free space there, name another folder (--backup-folder), or your own backup (--backup external --backup-id ID).',
  )
}

/**
 * Makes one level after the other, from the first missing one. Node's recursive mkdir never ends where the file system
 * denies a folder that exists (/proc). False when the folder exists already, or another run made it meanwhile.
 */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    return await makeOne(folder)
  } catch (error) {
    if (describe(error).code !== 'ENOENT' || path.dirname(folder) === folder) throw error
    await makeFolder(path.dirname(folder))
    return makeOne(folder)
  }
}

async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (describe(error).code === 'EEXIST' && (await stat(folder)).isDirectory()) return false
    throw error
  }
}

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`

const refused = (what: string, fix: string, cause?: unknown): UserError =>
  new UserError({ kind: 'environment', what, fix, cause })

/** For an archive that is not what pg_dump wrote. Its list of contents has no checksum that reading could verify. */
export const changed = (archive: string): UserError =>
  refused(
    `the archive ${path.basename(archive)} is not what pg_dump wrote: it was cut off or changed on its way to the disk`,
    'Nothing was changed. Look at the disk, name another folder (--backup-folder), then run again.',
  )

/**
 * Reads the archive and unpacks every block, which finds rows that are cut off or changed. The list of contents alone
 * shows neither. Rejects with a UserError.
 */
export async function readBack(options: {
  archive: string
  clients: Clients
  machine: Pick<Machine, 'environment'>
  signal: AbortSignal
}): Promise<void> {
  const what = `the archive ${path.basename(options.archive)} cannot be read back`
  await runProgram({
    ...options,
    name: 'pg_restore',
    args: ['-f', '/dev/null', '--', options.archive],
    connection: {},
    what,
  })
}

/** Bytes and SHA-256 (hex) of a file, or of all files of a folder in the order of their names. */
export async function measure(archive: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for (const file of await filesIn(archive)) {
    const { size } = await stat(file)
    bytes += size
    await pipeline(createReadStream(file), async (chunks) => {
      for await (const chunk of chunks) hash.update(chunk as Buffer)
    })
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Makes the file readable only by this account, whatever the umask is. */
export async function closeToOthers(archive: string): Promise<void> {
  for (const file of await filesIn(archive)) await chmod(file, 0o600)
}

async function filesIn(archive: string): Promise<readonly string[]> {
  if ((await stat(archive)).isFile()) return [archive]
  return (await readdir(archive)).toSorted().map((name) => path.join(archive, name))
}

export const recordFile = (archive: string): string => `${archive}.json`

export const writeRecord = (archive: string, record: BackupRecord): Promise<void> =>
  writeFile(recordFile(archive), `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })

/** Removes an unfinished backup. Never rejects. */
export async function discard(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { recursive: true, force: true }).catch(() => undefined)
}
