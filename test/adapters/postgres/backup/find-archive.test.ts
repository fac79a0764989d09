// Which archive a restore takes, from files alone.
import { afterEach, expect, test } from '@jest/globals'
import { findArchive } from '../../../../src/adapters/postgres/backup/find-archive.js'
import { makeFolder, type Folder } from '../../host/folder.js'

const made: Folder[] = []
afterEach(() => {
  for (const folder of made.splice(0)) folder.remove()
})

const recordOf = (database: string): string =>
  JSON.stringify({ schema: 1, database, sha256: 'ab', fingerprint: 'cd', rows: {} })

/** Archives with what is written beside them: `core_db_1` is one of `core_db`. */
function folderOf(archives: readonly string[], more: Readonly<Record<string, string>> = {}): Folder {
  const described = archives.flatMap((name) => [
    [`${name}.dump.age`, 'archive'],
    [`${name}.dump.age.json`, recordOf(name.replace(/_\d+$/, ''))],
    [`${name}.dump.globals.sql.age`, 'roles'],
  ])
  const folder = makeFolder({ ...(Object.fromEntries(described) as Record<string, string>), ...more })
  made.push(folder)
  return folder
}

const problemOf = async (given: string, name = 'core_db'): Promise<readonly unknown[]> => {
  const error: unknown = await findArchive(given, name).catch((thrown: unknown) => thrown)
  return error instanceof Error && 'fix' in error ? [error.message, error.fix] : [error]
}

test('an archive by its own name, with and without its description', async () => {
  const folder = folderOf(['core_db_1', 'core_db_2'], { 'found.dump': 'archive' })
  const archive = folder.at('core_db_1.dump.age')
  expect(await findArchive(archive, 'core_db')).toMatchObject({ archive, record: { database: 'core_db' } })
  expect(await findArchive(folder.at('found.dump'), 'core_db')).toEqual({
    archive: folder.at('found.dump'),
    record: undefined,
  })
})

test('a folder with one of this database, whatever else is in it', async () => {
  const folder = folderOf(['core_db_1', 'core_db_archive_2', 'kyc_db_3'], {
    'report.json': '{"schema": 2}',
    'cut.json': '{"schema": 1, "data',
    'core_db_4.dump': 'an archive that nothing is said of',
  })
  const archive = folder.at('core_db_1.dump.age')
  expect(await findArchive(folder.path, 'core_db')).toMatchObject({ archive, record: { database: 'core_db' } })
  expect(await findArchive(`${folder.path}/`, 'kyc_db')).toMatchObject({ archive: folder.at('kyc_db_3.dump.age') })
})

test('an archive that is a folder, also with the description of another one in it', async () => {
  const folder = folderOf([], { 'many/toc.dat': 'contents', 'many/other.json': recordOf('core_db') })
  expect(await findArchive(folder.at('many'), 'core_db')).toEqual({ archive: folder.at('many'), record: undefined })
})

test('several are named, the newest first, and nothing is taken', async () => {
  const folder = folderOf(['core_db_1', 'core_db_2', 'kyc_db_3'])
  expect(await problemOf(folder.path)).toEqual([
    `the folder ${folder.path} holds 2 backups of core_db: core_db_2.dump.age, core_db_1.dump.age`,
    `Name the one to restore: --from ${folder.at('core_db_2.dump.age')} is the newest.`,
  ])
  const many = folderOf(Array.from({ length: 12 }, (_, i) => `core_db_${i + 10}`))
  expect((await problemOf(many.path))[0]).toMatch(
    /holds 12 backups of core_db: .*core_db_12\.dump\.age, and 2 older ones$/,
  )
})

test('none: what there is instead', async () => {
  const folder = folderOf(['rates_db_1', 'kyc_db_2', 'kyc_db_3'], { 'core_db_4.dump': 'no sheet' })
  expect(await problemOf(folder.path)).toEqual([
    `the folder ${folder.path} holds no backup of core_db, only of kyc_db, rates_db`,
    'Name the archive itself: --from FILE. In a folder, only archives with their .json beside them count.',
  ])
  expect((await problemOf(folderOf([]).path))[0]).toMatch(/holds no backup of core_db$/)
})

test('nothing there, another database, an invalid description', async () => {
  const folder = folderOf(['kyc_db_1'], { 'core_db_2.dump': 'archive', 'core_db_2.dump.json': '[]' })
  expect(await problemOf(folder.at('gone'))).toEqual([
    `there is no backup ${folder.at('gone')}`,
    expect.stringContaining('or its folder: --from PATH.'),
  ])
  expect(await problemOf(folder.at('kyc_db_1.dump.age'))).toEqual([
    'the backup is of kyc_db, not of core_db',
    'Name the database: --databases kyc_db.',
  ])
  expect((await problemOf(folder.at('core_db_2.dump')))[0]).toBe(
    `${folder.at('core_db_2.dump.json')} describes no backup`,
  )
})
