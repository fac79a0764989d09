// Takes a backup: dumps one snapshot of the live database, proves it, encrypts it on request, and writes its record.
import path from 'node:path'
import { rm, open } from 'node:fs/promises'
import type { BackupReport, BackupRecord } from '../../../release/backup.js'
import { UserError } from '../../../model/errors.js'
import type { Backups } from '../../../ports/backup.js'
import { describe } from '../server/connect-errors.js'
import { connect } from '../live/connect.js'
import { encryptFile, encrypterFor } from './age.js'
import {
  archiveName,
  changed,
  closeToOthers,
  discard,
  makeRoom,
  measure,
  readBack,
  recordFile,
  writeRecord,
} from './archive.js'
import { findClients, type Clients } from './clients.js'
import { addressOf, explain } from './maintenance-session.js'
import { fingerprint } from '../../../catalog/portable.js'
import { readKnownTables } from './identities.js'
import { countRows, holdSnapshot, readCatalogue, releaseSnapshot } from './live.js'
import { connectionOf, runProgram, type Connection } from './program.js'
import { proveByRestoring } from './prove.js'
import type { BackupTools } from './tools.js'
import { objectsOmittedFromDump } from './omitted-objects.js'
import { createHash } from 'node:crypto'
import { Writable } from 'node:stream'

/** What a dump never holds: roles, and their rights in other databases. */
const NO_GLOBALS = 'roles are not part of it: this role may not read them all'

type Asked = Parameters<Backups['take']>[0]

/** See Backups.take. */
export async function takeDump(asked: Asked, tools: BackupTools): Promise<Extract<BackupReport, { kind: 'dump' }>> {
  const { name, history, signal, options } = asked
  const started = performance.now()
  if (options.key !== undefined) await encrypterFor(options.key)
  const address = addressOf(asked, tools)
  const link = await connect({ address, waitMs: 0, signal })
  const folder = path.resolve(tools.root, options.folder)
  const plain = path.join(folder, `${archiveName(name, tools.now())}.dump`)
  const begun = [plain]
  try {
    const moment = await holdSnapshot(link)
    const clients = await findClients(tools.machine, moment, tools.clientFolders)
    await makeRoom(folder, moment.data, tools.freeBytes)
    const connection = connectionOf(address.dsn, undefined, tools.machine.environment)
    const many = options.jobs > 1 && options.key === undefined
    const form = many ? ['-Fd', `--jobs=${options.jobs}`] : ['-Fc']
    const ended = new AbortController()
    const common = { clients, machine: tools.machine, signal: AbortSignal.any([signal, ended.signal]) }
    const written = many ? undefined : await createHashedFile(plain)
    const dumping = runProgram({
      ...common,
      connection,
      name: 'pg_dump',
      what: `${name}: the backup failed`,
      args: [...form, '-Z1', '--no-password', `--snapshot=${moment.snapshot}`, ...(written ? [] : ['-f', plain])],
      ...(written && { into: written.into }),
    })
    // While pg_dump reads over its own connections, ours reads the catalogue and counts rows in the same snapshot.
    const looking = look()
    looking.catch(() => ended.abort())
    await dumping.catch(async (error: unknown) => {
      // The cause of the end says more than the end itself.
      await looking
      throw error
    })
    const seen = await looking
    await closeToOthers(plain)
    await tools.afterDump?.(plain)
    const size = await measure(plain)
    if (written !== undefined && written.sha256() !== size.sha256) throw changed(plain)
    await readBack({ ...common, archive: plain })
    if (options.proof === 'restored')
      await proveByRestoring({ archive: plain, name, history, seen, major: moment.major, link, common, tools })
    const notes = [
      ...(options.jobs > 1 && !many ? ['an encrypted archive is one file, so it was dumped by one job'] : []),
      ...(await dumpGlobals({ plain, connection, common, begun })),
      ...(await objectsOmittedFromDump(link)),
    ]
    const archive = options.key === undefined ? plain : await seal(begun, plain, options.key)
    const { bytes, sha256 } = options.key === undefined ? size : await measure(archive)
    const record: BackupRecord = {
      schema: 1,
      database: name,
      place: address.place,
      system: moment.system,
      server: moment.version,
      client: clients.version,
      taken: new Date(tools.now()).toISOString(),
      file: path.basename(archive),
      bytes,
      sha256,
      encrypted: options.key !== undefined,
      fingerprint: fingerprint(seen.catalogue),
      rows: seen.rows,
      known: seen.known,
    }
    begun.push(recordFile(archive))
    await writeRecord(archive, record)
    await handOver(archive, asked, tools)
    const { encrypted } = record
    const milliseconds = performance.now() - started
    return {
      kind: 'dump',
      path: archive,
      bytes,
      sha256,
      encrypted,
      client: clients.version,
      proof: options.proof,
      notes,
      milliseconds,
    }

    async function look() {
      const catalogue = await readCatalogue(link, moment.major, history)
      const rows = options.proof === 'restored' ? await countRows(link) : undefined
      return { catalogue, rows, known: await readKnownTables(link) }
    }
  } catch (error) {
    if (!(error instanceof KeptError)) await discard(begun)
    throw isSystemError(error) ? ofDisk(name, error) : explain(error, address)
  } finally {
    await releaseSnapshot(link)
    await link.close()
  }
}

/** Node gives errors of the operating system a `syscall`. Connections have their own errors. */
const isSystemError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'syscall' in error

const ofDisk = (name: string, cause: unknown): UserError =>
  new UserError({
    kind: 'environment',
    what: `${name}: the backup failed: ${describe(cause).message}`,
    fix: 'Nothing was changed. Free space, or name another folder (--backup-folder), then run again.',
    cause,
  })

/** The backup is complete and stays. Only the command after it failed. */
class KeptError extends UserError {}

async function handOver(archive: string, { name, options, signal }: Asked, { shell }: BackupTools): Promise<void> {
  if (options.command === undefined) return
  const { code } = await shell({ command: options.command, args: [archive], signal })
  if (code === 0) return
  const ending = code === undefined ? 'could not be run' : `ended with exit code ${code}`
  throw new KeptError({
    kind: 'environment',
    what: `${name}: the backup ${archive} is complete, but the command that stores it ${ending}`,
    fix: 'Nothing was changed. Fix the command (--backup-command), then run again.',
  })
}

/** Always removes the plain file, even if the encrypted one cannot be written. */
async function seal(begun: string[], plain: string, key: string): Promise<string> {
  const sealed = `${plain}.age`
  begun.push(sealed)
  await encryptFile(plain, sealed, key)
  await rm(plain)
  const globals = `${plain}.globals.sql`
  if (begun.includes(globals)) {
    begun.push(`${globals}.age`)
    await encryptFile(globals, `${globals}.age`, key)
    await rm(globals)
  }
  return sealed
}

async function dumpGlobals(options: {
  plain: string
  connection: Connection
  common: {
    readonly clients: Clients
    readonly machine: BackupTools['machine']
    readonly signal: AbortSignal
  }
  begun: string[]
}): Promise<readonly string[]> {
  const { plain, connection, common, begun } = options
  const file = `${plain}.globals.sql`
  try {
    const args = ['--globals-only', '--no-role-passwords', '--no-password', '-f', file]
    await runProgram({ ...common, connection, name: 'pg_dumpall', what: 'roles', args })
    await closeToOthers(file)
    begun.push(file)
    return []
  } catch (error) {
    if (!(error instanceof UserError) || error.kind === 'cancelled') throw error
    await discard([file])
    return [NO_GLOBALS]
  }
}

/** `sha256` (hex) covers everything written into `into`, once that is finished. */
export type HashedFile = { readonly into: Writable; readonly sha256: () => string }

/** Joins many chunks of a pipe, because one has only 64 kB. */
const HELD_BYTES = 1024 * 1024

/**
 * Makes a file that only this account can read. Rejects if it exists or cannot be made. A write error ends the stream
 * with that error.
 */
export async function createHashedFile(name: string): Promise<HashedFile> {
  const handle = await open(name, 'wx', 0o600)
  const hash = createHash('sha256')
  const into = new Writable({
    highWaterMark: HELD_BYTES,
    write: (piece: Buffer, _, done) => {
      hash.update(piece)
      handle.writeFile(piece).then(() => done(), done)
    },
    destroy: (error, done) => {
      handle.close().then(
        () => done(error),
        (closing: unknown) => done(error ?? (closing instanceof Error ? closing : new Error(String(closing)))),
      )
    },
  })
  return { into, sha256: () => hash.digest('hex') }
}
