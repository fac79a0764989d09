// The sample databases of this repository, by golang-migrate and by us in turns: schema and history end the same.
import { afterAll, expect, test } from '@jest/globals'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { sqlName } from '../../src/core/history.js'
import type { Migration, Script } from '../../src/core/migration.js'
import { golangMigrate } from '../../src/histories/golang-migrate.js'
import { pairs } from '../../src/layouts/pairs.js'
import { readFiles } from '../layouts/sources.js'
import { contentOf, testServer, type Database } from './database.js'
import { isInstalled, run } from './tools.js'

const server = testServer()
afterAll(() => server.close())

const ROOT = path.resolve(import.meta.dirname, '../../migrations')
const table = { schema: 'public', name: golangMigrate.table }
const name = sqlName(table)

const filesIn = (folder: string): readonly string[] => readdirSync(folder).filter((file) => file.endsWith('.sql'))

/** The folder of the database, with the first `count` migrations. */
function give(database: Database, from: string, count: number): string {
  rmSync(database.folder, { recursive: true, force: true })
  mkdirSync(database.folder)
  for (const file of filesIn(from)) {
    if (Number(file.slice(0, 5)) <= count) cpSync(path.join(from, file), path.join(database.folder, file))
  }
  return database.folder
}

const migrate = (folder: string, { url }: Database, ...args: readonly string[]): void => {
  expect(run(folder, 'migrate', ['-path', '.', '-database', url, ...args])).toMatchObject({ code: 0 })
}

/** As the tool: each message is its own transaction; the row follows in another. */
async function step({ session }: Database, script: Script | undefined, record: string): Promise<void> {
  for (const { text } of script?.messages ?? []) await session.send(text)
  await session.send(record)
}

const up = async (database: Database, migrations: readonly Migration[]): Promise<void> => {
  for (const migration of migrations) await step(database, migration.up, golangMigrate.record(name, migration))
}

/** Everything of `public`, in one text. */
const schemaOf = (database: Database): Promise<unknown> =>
  database.rows(`SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2`)

const it = isInstalled('migrate') ? test : test.skip

for (const sample of readdirSync(ROOT)) {
  it(`${sample}: after every step the other goes on (needs: migrate)`, async () => {
    const from = path.join(ROOT, sample)
    const texts = filesIn(from).map((file) => [file, readFileSync(path.join(from, file), 'utf8')] as const)
    const { migrations } = readFiles(pairs, Object.fromEntries(texts))
    const all = migrations.length
    const whole = await server.open()
    migrate(give(whole, from, all), whole, 'up')
    const [schema, content] = [await schemaOf(whole), await contentOf(whole, table)]
    await whole.close()
    for (let k = 1; k < all; k++) {
      const [theirs, ours] = [await server.open(), await server.open()]
      migrate(give(theirs, from, k), theirs, 'up')
      await up(theirs, golangMigrate.pending(migrations, await theirs.rows(golangMigrate.read(name))))
      await ours.session.send(golangMigrate.create(name))
      await up(ours, migrations.slice(0, k))
      migrate(give(ours, from, all), ours, 'up')
      for (const database of [theirs, ours]) {
        expect(await schemaOf(database)).toEqual(schema)
        expect(await contentOf(database, table)).toEqual(content)
      }
      for (let at = all - 1; at >= k; at--) {
        const migration = migrations[at]
        if (migration === undefined) throw new Error('no file')
        await step(theirs, migration.down, golangMigrate.remove(name, migration, migrations.slice(0, at)))
      }
      migrate(give(ours, from, all), ours, 'down', String(all - k))
      expect(await schemaOf(theirs)).toEqual(await schemaOf(ours))
      expect(await contentOf(theirs, table)).toEqual(await contentOf(ours, table))
      for (const database of [theirs, ours]) await database.close()
    }
  })
}
