// Prisma's folders: proved by check, left alone by everything that would need its history.
import { expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { check } from '../../../src/commands/check/check.js'
import { directories } from '../../../src/tools/directories/tool.js'
import { databaseFolders } from '../../../src/tools/folders.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { checkRequest, lent } from '../../support/check.js'
import { status, up } from '../../support/everyday.js'
import { serverForTests, statusRequest, upRequest, worldIn } from '../../support/live.js'
import { FOLDER, readFiles } from '../sources.js'

const FILES = {
  'migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'migrations/20240101000000_init/migration.sql': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\n',
  'migrations/20240101000000_init/down.sql': 'DROP TABLE "User";\n',
  'migrations/20240102000000_index/migration.sql': 'CREATE INDEX CONCURRENTLY "i" ON "User" ("id");\n',
}

const live = serverForTests()
const makeFolder = foldersForTests()

test('are a database, and each file is one message, as Prisma sends it', () => {
  expect(databaseFolders(Object.keys(FILES), 'migrations').databases).toEqual([{ folder: 'migrations' }])
  const inside = Object.entries(FILES).map(([path, text]) => [path.replace('migrations/', ''), text])
  const { migrations, problems, ignored } = readFiles(directories, Object.fromEntries(inside) as typeof FILES)
  expect(problems).toEqual([])
  expect(ignored.map(({ path }) => path)).toEqual([`${FOLDER}/migration_lock.toml`])
  expect(migrations.map(({ id, up, down }) => [id, up?.transaction, down?.transaction])).toEqual([
    ['20240101000000_init', 'message', 'message'],
    ['20240102000000_index', 'message', undefined],
  ])
})

test('are distinct and ordered by their whole names, and one without its file stops Prisma', () => {
  const { migrations, problems } = readFiles(directories, {
    '20240102_short/migration.sql': 'CREATE TABLE c ();',
    '20240102000000_b/migration.sql': '',
    '20240102000000_a/migration.sql': 'CREATE TABLE a ();',
    '20240103000000_empty/notes.sql': 'SELECT 1;',
  })
  expect(migrations.map(({ id }) => id)).toEqual(['20240102000000_a', '20240102000000_b', '20240102_short'])
  expect(problems).toMatchObject([
    { rule: 'file-name', message: 'the folder 20240103000000_empty has no migration.sql' },
  ])
})

test('may have .sql at the end of their names, which no other folder may', async () => {
  const text = 'CREATE TABLE a (id int);\n'
  const of = async (files: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
    const folder = makeFolder(files)
    const report = await check(checkRequest({ proof: 'none' }), worldIn(folder.path, {}, { server: lent(live.server) }))
    return [
      ...report.databases.flatMap(({ migrations }) => migrations.map(({ id }) => id)),
      ...report.findings.map(({ rule, migration }) => [rule, migration]),
      ...report.databases.flatMap(({ ignored }) => ignored.map(({ path }) => path)),
    ]
  }
  expect(
    await of({
      'migrations/20240101000000_a.sql/migration.sql': text,
      'migrations/20240101000000_a.sql/down.sql': 'DROP TABLE a;\n',
      'migrations/20240102000000_b.sql/migration.sql': text,
    }),
  ).toEqual(['20240101000000_a.sql', '20240102000000_b.sql', ['unpaired', '20240102000000_b.sql']])
  expect(
    await of({
      'migrations/core_db/00001_a.up.sql': text,
      'migrations/core_db/00001_a.down.sql': 'DROP TABLE a;\n',
      'migrations/core_db/00002_b.sql/x': '',
    }),
  ).toContainEqual(['unreadable', undefined])
})

test('are proved and get downs by --fix; up and status refuse them', async () => {
  const folder = makeFolder(FILES)
  const database = await live.database()
  const world = worldIn(folder.path, { MIGRATIONS_DSN: database.dsn }, { server: lent(live.server) })
  const report = await check(checkRequest({ proof: 'guided' }), world)
  expect(report.databases[0]?.migrations.map(({ proof }) => [proof?.up, proof?.down])).toEqual([
    ['ok', 'same'],
    ['ok', 'missing'],
  ])
  expect((await check(checkRequest({ proof: 'guided', fix: true }), world)).fixed).toMatchObject([
    { problem: undefined },
  ])
  expect(existsSync(folder.at('migrations/20240102000000_index/down.sql'))).toBe(true)
  expect(await check(checkRequest({ proof: 'guided' }), world)).toMatchObject({ verdict: 'pass' })
  for (const refused of [up(upRequest(), world), status(statusRequest(), world)]) {
    await expect(refused).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining('migrations of Prisma'),
    })
  }
  expect(await database.query(`SELECT FROM pg_class WHERE relname = 'User'`)).toEqual([])
})
