// Prisma's folders: proved by check, left alone by everything that would need its history.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { check } from '../../src/app/check.js'
import { directories } from '../../src/layouts/directories.js'
import { databaseFolders } from '../../src/layouts/folders.js'
import { makeFolder, type Folder } from '../host/folder.js'
import { checkRequest, lent } from '../support/check.js'
import { status, up } from '../support/everyday.js'
import { startLive, statusRequest, upRequest, worldIn, type LiveServer } from '../support/live.js'
import { FOLDER, readFiles } from './sources.js'

const FILES = {
  'migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'migrations/20240101000000_init/migration.sql': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\n',
  'migrations/20240101000000_init/down.sql': 'DROP TABLE "User";\n',
  'migrations/20240102000000_index/migration.sql': 'CREATE INDEX CONCURRENTLY "i" ON "User" ("id");\n',
}

let live: LiveServer
const folders: Folder[] = []
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

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

test('are proved, get downs by --fix, and are not applied, told the standing of, or named', async () => {
  const folder = makeFolder(FILES)
  folders.push(folder)
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
