// Finds the archive to restore, and the record beside it.
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { BackupRecord } from '../../../release/backup.js'
import { UserError } from '../../../model/errors.js'
import { recordFile } from './archive.js'

/** The record is undefined when there is none beside the archive. */
export type FoundArchive = { readonly archive: string; readonly record: BackupRecord | undefined }

/** A longer list of names does not help. */
const MOST_NAMED = 10

/**
 * `given` is an absolute path: an archive, or a folder with an archive of this database. Rejects with a UserError when
 * there is none, when a folder holds several, and when the archive is of another database.
 */
export async function findArchive(given: string, name: string): Promise<FoundArchive> {
  const there = await stat(given).catch(() => undefined)
  if (there === undefined) {
    const fix = 'Name the archive that a deploy or rollback wrote, or its folder: --from PATH.'
    throw refuse(`there is no backup ${given}`, `${fix} A run on GitHub keeps one only with backup-key.`)
  }
  const archive = there.isDirectory() && !(await isArchive(given)) ? await onlyOneIn(given, name) : given
  const text = await readFile(recordFile(archive), 'utf8').catch(() => undefined)
  if (text === undefined) return { archive, record: undefined }
  const record = parseRecord(text)
  if (record === undefined)
    throw refuse(`${recordFile(archive)} describes no backup`, 'Remove it to continue without it.')
  if (record.database === name) return { archive, record }
  throw refuse(
    `the backup is of ${record.database}, not of ${name}`,
    `Name the database: --databases ${record.database}.`,
  )
}

/** pg_dump with several jobs writes a folder, with its list of contents under this name. */
const isArchive = (folder: string): Promise<boolean> =>
  stat(path.join(folder, 'toc.dat')).then(
    () => true,
    () => false,
  )

async function onlyOneIn(folder: string, name: string): Promise<string> {
  const described = await describedIn(folder)
  const own = described.filter(({ database }) => database === name).map(({ file }) => file)
  const [file, ...more] = own
  if (file === undefined) {
    const others = [...new Set(described.map(({ database }) => database))].filter((one) => one !== name)
    const instead = others.length === 0 ? '' : `, only of ${others.join(', ')}`
    const fix = 'Name the archive itself: --from FILE. In a folder, only archives with their .json beside them count.'
    throw refuse(`the folder ${folder} holds no backup of ${name}${instead}`, fix)
  }
  if (more.length === 0) return path.join(folder, file)
  const newest = own.toReversed().slice(0, MOST_NAMED).join(', ')
  const rest = own.length > MOST_NAMED ? `, and ${own.length - MOST_NAMED} older ones` : ''
  throw refuse(
    `the folder ${folder} holds ${own.length} backups of ${name}: ${newest}${rest}`,
    `Name the one to restore: --from ${path.join(folder, own.at(-1) ?? file)} is the newest.`,
  )
}

/** Every archive in the folder that has a record, the oldest of a database first. */
async function describedIn(folder: string): Promise<readonly { readonly file: string; readonly database: string }[]> {
  const records = (await readdir(folder)).filter((one) => one.endsWith('.json')).toSorted()
  const read = await Promise.all(
    records.map(async (one) => {
      const record = parseRecord(await readFile(path.join(folder, one), 'utf8').catch(() => ''))
      return record && { file: one.slice(0, -'.json'.length), database: record.database }
    }),
  )
  return read.flatMap((one) => one ?? [])
}

function parseRecord(text: string): BackupRecord | undefined {
  try {
    const record = JSON.parse(text) as Omit<BackupRecord, 'schema'> & { readonly schema: number }
    const known =
      record.schema === 1 &&
      [record.database, record.sha256, record.fingerprint].every((one) => typeof one === 'string')
    return known ? { ...record, schema: 1 } : undefined
  } catch {
    return undefined
  }
}

const refuse = (what: string, fix: string): UserError => new UserError({ kind: 'use', what, fix })
