// Folders of migrations that hold a file for each server.
import { describe, expect, test } from '@jest/globals'
import { check } from '../../../src/commands/check/check.js'
import { create } from '../../../src/commands/create/create.js'
import { directories } from '../../../src/tools/directories/tool.js'
import { nameFor, parseDirectoryFile } from '../../../src/tools/directories/names.js'
import { databaseFolders } from '../../../src/tools/folders.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { checkRequest, createRequest, lent } from '../../support/check.js'
import { up } from '../../support/everyday.js'
import { serverForTests, upRequest, worldIn } from '../../support/live.js'
import { FOLDER, readFiles, sources } from '../sources.js'

const CHAIN = {
  '1_a/mysql.sql': 'CREATE TABLE a (id int) ENGINE=InnoDB;\n',
  '1_a/postgres.sql': 'CREATE TABLE a (id int);\n',
  '1_a/postgres.down.sql': 'DROP TABLE a;\n',
  '2_b/up.sqlite.sql': 'SELECT 1;\n',
  '3_c/up.sql': 'ALTER TABLE a ADD COLUMN b TEXT COLLATE NOCASE;\n',
  '3_c/up.postgresql.sql': 'ALTER TABLE a ADD COLUMN b text;\n',
  '3_c/down.postgresql.sql': 'ALTER TABLE a DROP COLUMN b;\n',
}

const live = serverForTests()
const makeFolder = foldersForTests()

describe('the file names of a migration folder', () => {
  test.each([
    ['up.sql', { direction: 'up', dialect: 'any' }],
    ['down.sql', { direction: 'down', dialect: 'any' }],
    ['migration.sql', { direction: 'up', dialect: 'any' }],
    ['postgres.sql', { direction: 'up', dialect: 'postgres' }],
    ['down.pg.sql', { direction: 'down', dialect: 'postgres' }],
    ['mysql.down.sql', { direction: 'down', dialect: 'mysql' }],
    ['all.sql', undefined],
    ['notes.sql', undefined],
    ['up.down.sql', undefined],
    ['1_x.postgres.up.sql', undefined],
    ['postgres.md', undefined],
  ])('%s', (name, parsed) => {
    expect(parseDirectoryFile(name)).toEqual(parsed)
  })

  test('the one for PostgreSQL goes before the one for all', () => {
    expect(nameFor('up', ['migration.sql', 'mysql.sql', 'postgres.sql'])).toBe('postgres.sql')
    expect(nameFor('up', ['migration.sql', 'mysql.sql', 'up.sql'])).toBe('up.sql')
    expect(nameFor('down', ['up.sql', 'postgres.sql'])).toBeUndefined()
  })
})

describe('folders with a file for each server', () => {
  test('are one database, of which the files for PostgreSQL are read', () => {
    expect(databaseFolders(['db/1_a/mysql.sql', 'db/1_a/postgres.sql', 'db/2_b/postgres.sql'], 'db').databases).toEqual(
      [{ folder: 'db' }],
    )
    const { migrations, problems, ignored } = readFiles(directories, CHAIN)
    expect(problems).toEqual([])
    expect(migrations.map((one) => [one.id, one.version, one.up?.file, one.down?.file])).toEqual([
      ['1_a', '1', `${FOLDER}/1_a/postgres.sql`, `${FOLDER}/1_a/postgres.down.sql`],
      ['3_c', '3', `${FOLDER}/3_c/up.postgresql.sql`, `${FOLDER}/3_c/down.postgresql.sql`],
    ])
    expect(ignored).toContainEqual({ path: `${FOLDER}/1_a/mysql.sql`, reason: 'written for mysql' })
    expect(ignored).toContainEqual({ path: `${FOLDER}/2_b/up.sqlite.sql`, reason: 'written for sqlite' })
    expect(directories.files.recognise(sources(CHAIN))).toEqual({
      migrations: 4,
      reason: '2 of 3 folders are <version>_<name> with postgres.sql in them',
    })
  })

  test('are proved, get downs by --fix, are not applied, and get no file of ours', async () => {
    const files = Object.entries(CHAIN).filter(([name]) => name !== '1_a/postgres.down.sql')
    const folder = makeFolder(Object.fromEntries(files.map(([name, text]) => [`migrations/core_db/${name}`, text])))
    const database = await live.database()
    const world = worldIn(folder.path, { CORE_DB_DSN: database.dsn }, { server: lent(live.server) })
    const report = await check(checkRequest({ proof: 'guided', fix: true }), world)
    expect(report.databases[0]?.migrations.map(({ proof }) => proof?.up)).toEqual(['ok', 'ok'])
    expect(report.fixed).toMatchObject([{ file: 'migrations/core_db/1_a/postgres.down.sql', problem: undefined }])
    expect(await check(checkRequest({ proof: 'guided' }), world)).toMatchObject({ verdict: 'pass' })
    await expect(up(upRequest(), world)).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining('folders with a file for each server'),
    })
    const asked = createRequest({ database: 'core_db', name: 'x' })
    await expect(create(asked, world)).rejects.toMatchObject({ fix: 'Write the folder by hand, after 3_c.' })
  })
})
