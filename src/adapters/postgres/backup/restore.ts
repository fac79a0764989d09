// Restores a backup into a new database beside the live one, and compares it with its record.
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BackupRecord } from '../../../release/backup.js'
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { UserError } from '../../../model/errors.js'
import { identifier } from '../../../sql/quote.js'
import type { Backups, Restored } from '../../../ports/backup.js'
import { lastRows, type Link } from '../live/connection.js'
import { decryptFile } from './age.js'
import { measure, recordFile } from './archive.js'
import { findClients } from './clients.js'
import { copySettings, createLike } from './clone.js'
import { findArchive } from './find-archive.js'
import { addressOf, withMaintenanceSession } from './maintenance-session.js'
import { serverBoundObjects } from './omitted-objects.js'
import { fingerprint, portable } from '../../../catalog/portable.js'
import { readContent, rowsApart, changesSince, type DatabaseContent } from './changes-since.js'
import { nameBeside } from './names.js'
import type { BackupTools } from './tools.js'
import { connectionOf, runProgram } from './program.js'

type Asked = Parameters<Backups['restore']>[0]

/** See Backups.restore. */
export async function restoreBeside(given: Asked, tools: BackupTools): Promise<Restored> {
  const started = performance.now()
  const address = addressOf(given, tools)
  const { archive, record } = await findArchive(path.resolve(tools.root, given.archive), given.name)
  const asked = { ...given, archive }
  const database = nameBeside(address.dsn['dbname'] ?? '', 'restore', tools.now())
  const opened = await openArchive(asked, tools)
  try {
    return await withMaintenanceSession(asked, address, async (maintenance) => {
      const server = await versionOf(maintenance)
      const clients = await findClients(tools.machine, server, tools.clientFolders)
      await createLike(maintenance, address.dsn['dbname'] ?? '', database)
      try {
        const ended = new AbortController()
        const signal = AbortSignal.any([asked.signal, ended.signal])
        const restoring = runProgram({
          clients,
          machine: tools.machine,
          signal,
          name: 'pg_restore',
          what: `${asked.name}: the backup cannot be restored`,
          connection: connectionOf(address.dsn, database, tools.machine.environment),
          args: ['--no-password', '--exit-on-error', `--jobs=${asked.jobs}`, '-d', database, '--', opened.file],
        })
        // Looks at the live database and reads the archive while the server restores.
        const live = readContent({ about: asked, address, major: server.major })
        const aside = Promise.all([live, refuseOther(asked, record)])
        aside.catch(() => ended.abort())
        await restoring.catch(async (error: unknown) => {
          // The cause of the end says more than the end itself.
          await aside
          throw error
        })
        const beside = { ...address, dsn: { ...address.dsn, dbname: database } }
        const restored = await readContent({ about: asked, address: beside, major: server.major })
        const compared = compare({ record, restored, live: (await aside)[0], history: asked.history })
        await copySettings(maintenance, address.dsn['dbname'] ?? '', database)
        const notes =
          record === undefined
            ? [`there is no ${path.basename(recordFile(asked.archive))} beside it, so there is nothing to compare with`]
            : []
        const elsewhere = record && elsewhereOf(record, { place: address.place, system: server.system })
        const stays = await serverBoundObjects(maintenance, address.dsn['dbname'] ?? '')
        return { database, elsewhere, ...compared, bound: stays, notes, milliseconds: performance.now() - started }
      } catch (error) {
        await maintenance.send(`DROP DATABASE IF EXISTS ${identifier(database)} WITH (FORCE)`).catch(() => undefined)
        throw error
      }
    })
  } finally {
    if (opened.temporary) await rm(opened.file, { force: true }).catch(() => undefined)
  }
}

/** Rejects with a UserError when the archive is not the one that its record describes. */
async function refuseOther({ archive }: Asked, record: BackupRecord | undefined): Promise<void> {
  if (record === undefined || (await measure(archive)).sha256 === record.sha256) return
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
