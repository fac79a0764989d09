// Restores a backup into a new database beside the live one, and compares it with its record.
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BackupRecord } from '../../../release/backup.js'
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { UserError } from '../../../model/errors.js'
import { identifier, quoted } from '../../../sql/quote.js'
import type { Backups, Restored } from '../../../ports/backup.js'
import { whyWithRepair } from '../../../release/dump-obstacles.js'
import { isDatabaseError } from '../session.js'
import { connect, type Address } from '../live/connect.js'
import { lastRows, type Link } from '../live/connection.js'
import { obstaclesFrom, readFacts } from '../restorability/obstacles.js'
import { decryptFile } from './age.js'
import { measure, megabytes, recordFile } from './archive.js'
import { findClients } from './clients.js'
import { createLike } from './clone.js'
import { isUnchanged, markCopy, markedCopies, rowsWritten } from './earlier-copy.js'
import { findArchive } from './find-archive.js'
import { addressOf, withMaintenanceSession } from './maintenance-session.js'
import { serverBoundObjects } from './omitted-objects.js'
import { fingerprint, portable } from '../../../catalog/portable.js'
import { searchedSchemas } from './live.js'
import { readContent, rowsApart, changesSince, type DatabaseContent } from './changes-since.js'
import { nameBeside } from './names.js'
import type { BackupTools } from './tools.js'
import { connectionOf } from './program.js'
import { restoreArchive } from './restore-archive.js'

type Asked = Parameters<Backups['restore']>[0]

/** See Backups.restore. */
export async function restoreBeside(given: Asked, tools: BackupTools): Promise<Restored> {
  const started = performance.now()
  const address = addressOf(given, tools)
  const { archive, record } = await findArchive(path.resolve(tools.root, given.archive), given.name)
  const asked = { ...given, archive }
  const live = address.dsn['dbname'] ?? ''
  return withMaintenanceSession(asked, address, async (maintenance) => {
    const server = await versionOf(maintenance)
    const working = { asked, tools, address, maintenance, server, record }
    const known = (await takeEarlier(working)) ?? (await makeCopy(working))
    const { database, restored, now } = known
    const compared = compare({ record, restored, live: now, history: asked.history })
    const eased = await easedIn(beside(address, database), asked.signal)
    const notes =
      record === undefined
        ? [`there is no ${path.basename(recordFile(asked.archive))} beside it, so there is nothing to compare with`]
        : []
    const elsewhere = record && elsewhereOf(record, { place: address.place, system: server.system })
    const bound = await serverBoundObjects(maintenance, live)
    const { made } = known
    return { database, made, eased, elsewhere, ...compared, bound, notes, milliseconds: performance.now() - started }
  })
}

type Working = {
  readonly asked: Asked
  readonly tools: BackupTools
  readonly address: Address
  readonly maintenance: Link
  readonly server: ServerSeen
  readonly record: BackupRecord | undefined
}

/** A restored copy, with its content and that of the live database. */
type Copy = Pick<Restored, 'database' | 'made'> & { readonly restored: DatabaseContent; readonly now: DatabaseContent }

const beside = (address: Address, dbname: string): Address => ({ ...address, dsn: { ...address.dsn, dbname } })

/** The copy of an earlier start, if it is of this archive, and nothing was written to it since. */
async function takeEarlier(working: Working): Promise<Copy | undefined> {
  const { asked, address, maintenance, server, record } = working
  const marked = await markedCopies(maintenance, address.dsn['dbname'] ?? '')
  const archive = marked.length === 0 ? undefined : await checksumOf(asked, record)
  const found = marked.find(({ mark }) => mark.archive === archive)
  if (found === undefined) return undefined
  const { database, mark } = found
  const written = await rowsWritten(beside(address, database), asked.signal)
  const content = await readContent({ about: asked, address: beside(address, database), major: server.major })
  if (!isUnchanged(mark, { content, written })) return undefined
  const now = await readContent({ about: asked, address, major: server.major })
  return { database, made: { by: 'an earlier start' }, restored: content, now }
}

async function makeCopy(working: Working): Promise<Copy> {
  const { asked, tools, address, maintenance, server, record } = working
  const live = address.dsn['dbname'] ?? ''
  const database = nameBeside(live, 'restore', tools.now())
  const opened = await openArchive(asked, tools)
  const { machine } = tools
  try {
    const clients = await findClients(machine, server, tools.clientFolders)
    await refuseFull(maintenance, live, asked.free)
    const create = (): Promise<void> => createLike(maintenance, live, database)
    const drop = `DROP DATABASE IF EXISTS ${identifier(database)} WITH (FORCE)`
    await create()
    try {
      const ended = new AbortController()
      const signal = AbortSignal.any([asked.signal, ended.signal])
      const at = beside(address, database)
      const restoring = restoreArchive({
        clients,
        machine,
        signal,
        what: `${asked.name}: the backup cannot be restored`,
        connection: connectionOf(address.dsn, database, machine.environment),
        args: ['--no-password'],
        jobs: asked.jobs,
        archive: opened.file,
        open: () => connect({ address: at, waitMs: 0, signal }),
        again: async () => {
          await maintenance.send(drop)
          await create()
        },
        path: await searchedIn(address, signal),
      })
      // Looks at the live database and reads the archive while the server restores.
      const now = readContent({ about: asked, address, major: server.major })
      const aside = Promise.all([now, checksumOf(asked, record)])
      aside.catch(() => ended.abort())
      await restoring.catch(async (error: unknown) => {
        // The cause of the end says more than the end itself.
        await aside
        throw error
      })
      const restored = await readContent({ about: asked, address: at, major: server.major })
      const [seen, archive] = await aside
      const written = await rowsWritten(at, asked.signal)
      await markCopy(maintenance, { database, archive, content: restored, written })
      const bytes = await sizeOf(maintenance, database)
      return { database, made: { by: 'this start', bytes }, restored, now: seen }
    } catch (error) {
      await maintenance.send(drop).catch(() => undefined)
      throw error
    }
  } finally {
    if (opened.temporary) await rm(opened.file, { force: true }).catch(() => undefined)
  }
}

async function searchedIn(address: Address, signal: AbortSignal): Promise<readonly string[]> {
  const link = await connect({ address, waitMs: 0, signal })
  try {
    return await searchedSchemas(link)
  } finally {
    await link.close()
  }
}

/** What pg_restore alone would have failed at, from the restored database. */
async function easedIn(address: Address, signal: AbortSignal): Promise<readonly string[]> {
  const link = await connect({ address, waitMs: 0, signal })
  try {
    const facts = await readFacts(link, await searchedSchemas(link))
    const found = await obstaclesFrom(facts, { why: '' })
    return found.filter(({ kind }) => kind === 'fails').map(whyWithRepair)
  } catch (error) {
    // It only explains: the copy is complete.
    if (isDatabaseError(error)) return []
    throw error
  } finally {
    await link.close()
  }
}

async function sizeOf(maintenance: Link, database: string): Promise<number> {
  const [row] = lastRows(await maintenance.send(`SELECT pg_catalog.pg_database_size(${quoted(database)})`))
  return Number(row?.[0] ?? 0)
}

/** The live database has about the size of its copy. Rejects with a UserError if that does not fit on the disk. */
async function refuseFull(maintenance: Link, live: string, free: number | undefined): Promise<void> {
  const needed = await sizeOf(maintenance, live)
  if (free === undefined || needed < free) return
  throw new UserError({
    kind: 'environment',
    what: `a copy of ${live} needs about ${megabytes(needed)} on the server's disk, and ${megabytes(free)} are free`,
    fix: 'Nothing was changed. Make room there, for example by dropping copies of earlier restores, then run again.',
  })
}

/** The SHA-256 of the archive. Rejects with a UserError when it is not the one that its record describes. */
async function checksumOf({ archive }: Asked, record: BackupRecord | undefined): Promise<string> {
  const { sha256 } = await measure(archive)
  if (record === undefined || sha256 === record.sha256) return sha256
  throw new UserError({
    kind: 'use',
    what: `the backup ${archive} is not the archive that was written: its SHA-256 differs`,
    fix: 'Fetch it again from where it is kept.',
  })
}

/** `temporary` is a decrypted copy, which the caller removes. */
async function openArchive(
  { archive }: Asked,
  { machine }: BackupTools,
): Promise<{ file: string; temporary: boolean }> {
  if (!archive.endsWith('.age')) return { file: archive, temporary: false }
  const file = path.join(
    machine.environment['RUNNER_TEMP'] ?? tmpdir(),
    `pg-migration-gate-${randomBytes(8).toString('hex')}.dump`,
  )
  try {
    await decryptFile(archive, file, machine.environment['BACKUP_AGE_IDENTITY'])
    return { file, temporary: true }
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}

type ServerSeen = { readonly major: number; readonly version: string; readonly system: string | undefined }

async function versionOf(maintenance: Link): Promise<ServerSeen> {
  const [row] = lastRows(
    await maintenance.send(`SELECT current_setting('server_version_num'), current_setting('server_version')`),
  )
  const [own] = await maintenance
    .send('SELECT system_identifier FROM pg_control_system()')
    .then(lastRows)
    .catch(() => [])
  return { major: Math.floor(Number(row?.[0]) / 10_000), version: row?.[1] ?? '', system: own?.[0] ?? undefined }
}

/** Identifies the server by its identifier if both are known, because its address may change; else by the address. */
function elsewhereOf(record: BackupRecord, here: { place: string; system: string | undefined }): string | undefined {
  const nameIn = (place: string): string => place.slice(place.lastIndexOf('/') + 1)
  const known = record.system !== undefined && here.system !== undefined
  const same = known
    ? record.system === here.system && nameIn(record.place) === nameIn(here.place)
    : record.place === here.place
  return same
    ? undefined
    : `it is a backup of ${record.place}, and this is ${here.place}${known && record.system !== here.system ? ' on another server' : ''}`
}

function compare({
  record,
  restored,
  live,
  history,
}: {
  record: BackupRecord | undefined
  restored: DatabaseContent
  live: DatabaseContent
  history: Asked['history']
}): Pick<Restored, 'same' | 'differences' | 'rows' | 'since'> {
  const is = portable(restored.snapshot, { history })
  const same = record === undefined || fingerprint(is) === record.fingerprint
  const rows = rowsApart(record?.rows ?? {}, restored.rows)
  return {
    same: same && rows.length === 0,
    differences: same ? [] : compareSnapshots(portable(live.snapshot, { history }), is),
    rows,
    since: changesSince(live, { ...restored, known: record?.known }, history),
  }
}
