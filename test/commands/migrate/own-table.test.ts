// Migrations that change the tool's own table: proved, and run on a live database on which the tool goes on.
import { describe, expect, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { check } from '../../../src/commands/check/check.js'
import { isInstalled, run } from '../../tools/real-tools.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { checkRequest } from '../../support/check.js'
import { down, status, up } from '../../support/everyday.js'
import {
  downRequest,
  serverForTests,
  statusRequest,
  upRequest,
  worldIn,
  type LiveDatabase,
} from '../../support/live.js'

const live = serverForTests()
const makeFolder = foldersForTests()

type Files = Readonly<Record<string, string>>
type Sql = readonly [string, string]

const three = (table: string): readonly Sql[] => [
  ['CREATE TABLE a (id int);', 'DROP TABLE a;'],
  [`ALTER TABLE ${table} ADD COLUMN note text;`, `ALTER TABLE ${table} DROP COLUMN note;`],
  ['CREATE TABLE c (id int);', 'DROP TABLE c;'],
]

const inOne = (mark: string, [first, second]: Sql, table: string): Files =>
  Object.fromEntries(
    three(table).map(([ahead, back], at) => [
      `migrations/app/${at + 1}_m.sql`,
      `-- ${mark}${first}\n${ahead}\n-- ${mark}${second}\n${back}\n`,
    ]),
  )
const pairs = (table: string): Files =>
  Object.fromEntries(
    three(table).flatMap(([ahead, back], at) => [
      [`migrations/app/${at + 1}_m.up.sql`, `${ahead}\n`],
      [`migrations/app/${at + 1}_m.down.sql`, `${back}\n`],
    ]),
  )

/** The real program says that there is nothing left to do. */
type Tool = { readonly program: string; readonly idle: RegExp; readonly args: (url: string) => readonly string[] }
const TOOLS: readonly (readonly [string, Files, Tool])[] = [
  [
    'golang-migrate',
    pairs('schema_migrations'),
    { program: 'migrate', idle: /no change/, args: (url) => ['-path', '.', '-database', url, 'up'] },
  ],
  [
    'goose',
    inOne('+goose ', ['Up', 'Down'], 'goose_db_version'),
    { program: 'goose', idle: /no migrations to run/, args: (url) => ['postgres', url, 'up'] },
  ],
  [
    'dbmate',
    inOne('migrate:', ['up', 'down'], 'schema_migrations'),
    { program: 'dbmate', idle: /^$/, args: (url) => ['-u', url, '-d', '.', '--no-dump-schema', 'migrate'] },
  ],
]

const place = async (
  files: Files,
): Promise<{ folder: string; database: LiveDatabase; world: ReturnType<typeof worldIn> }> => {
  const folder = makeFolder(files)
  const database = await live.database()
  const world = worldIn(folder.path, { APP_DSN: database.dsn }, { server: live.server })
  return { folder: folder.path, database, world }
}

const urlOf = ({ name }: LiveDatabase): string => {
  const { host, port } = live.cluster.connection(name)
  return `postgres://postgres@/${name}?host=${String(host)}&port=${String(port)}&sslmode=disable`
}

describe.each(TOOLS)('%s', (_, files, tool) => {
  test('such a chain is proved', async () => {
    const { world } = await place(files)
    const report = await check(checkRequest({ proof: 'guided' }), world)
    expect(report.databases[0]?.migrations.map(({ proof }) => [proof?.up, proof?.down, proof?.again])).toEqual(
      [1, 2, 3].map(() => ['ok', 'same', 'same']),
    )
    expect(report).toMatchObject({ verdict: 'pass', databases: [{ chain: { upToDate: 'nothing to do' } }] })
  })

  test('reports a down that forgets it', async () => {
    const forgotten = Object.entries(files).map(([name, text]) => [
      name,
      text.replace(/ALTER TABLE \w+ DROP.*/, 'SELECT 1;'),
    ])
    const { world } = await place(Object.fromEntries(forgotten) as Files)
    const { findings, databases } = await check(checkRequest({ proof: 'guided' }), world)
    expect(findings.map(({ rule }) => rule)).toEqual(['down-empty'])
    expect(databases[0]?.migrations[1]?.proof?.differences).toMatchObject([
      { kind: 'column', identity: expect.stringMatching(/\.note$/) },
    ])
  })

  test('up, status and down on a live database take the column as the tool takes it', async () => {
    const { database, world } = await place(files)
    expect(await up(upRequest(), world)).toMatchObject({ verdict: 'pass', counts: { done: 3 } })
    expect(await status(statusRequest({ check: true, drift: true }), world)).toMatchObject({ verdict: 'pass' })
    expect(await down(downRequest({ steps: 3 }), world)).toMatchObject({ verdict: 'pass', counts: { done: 3 } })
    const left = await database.query(`SELECT FROM pg_attribute WHERE attname = 'note' AND NOT attisdropped`)
    expect(left).toEqual([])
  })

  const it = isInstalled(tool.program) ? test : test.skip
  it(`the tool goes on behind us, and we behind it (needs: ${tool.program})`, async () => {
    const { folder, database, world } = await place(files)
    const go = (): ReturnType<typeof run> =>
      run(path.join(folder, 'migrations/app'), tool.program, tool.args(urlOf(database)))
    await up(upRequest(), world)
    expect(go().text).toMatch(tool.idle)
    await down(downRequest({ steps: 2 }), world)
    expect(go().code).toBe(0)
    expect(await status(statusRequest({ check: true }), world)).toMatchObject({ verdict: 'pass' })
  })
})

test('sql-migrate itself stops at an unknown column: says how to fix it', async () => {
  const { database, world } = await place(inOne('+migrate ', ['Up', 'Down'], 'gorp_migrations'))
  await up(upRequest({ to: '1_m.sql' }), world)
  await database.query('ALTER TABLE gorp_migrations ADD COLUMN note text')
  await expect(status(statusRequest(), world)).rejects.toMatchObject({
    kind: 'use',
    message: expect.stringContaining('columns that sql-migrate did not make (note), at which sql-migrate itself stops'),
    fix: 'Drop them: ALTER TABLE "public"."gorp_migrations" DROP COLUMN "note".',
  })
})

test('does not create the table where the migrations create it', async () => {
  const dump = {
    ...pairs('schema_migrations'),
    'migrations/app/1_m.up.sql': 'CREATE TABLE public.schema_migrations (id int);\n',
  }
  const { world } = await place({ ...dump, 'migrations/app/1_m.down.sql': 'DROP TABLE schema_migrations;\n' })
  expect(await check(checkRequest({ proof: 'guided' }), world)).toMatchObject({ verdict: 'pass' })
})

describe('a table that is configured elsewhere than in our config', () => {
  const FILES = {
    'migrations/app/1_a.up.sql': 'CREATE TABLE a ();\n',
    'migrations/app/1_a.down.sql': 'DROP TABLE a;\n',
  }
  const it = isInstalled('migrate') ? test : test.skip

  it.each([
    ['x-migrations-table=some.Where', 'public.some.Where'],
    ['x-migrations-table=%22ops%22.%22Done%22&x-migrations-table-quoted=true', 'ops.Done'],
  ])('in the DSN, as golang-migrate reads it: %s (needs: migrate)', async (words, table) => {
    const { folder, database } = await place(FILES)
    await database.query('CREATE SCHEMA ops')
    const url = `${urlOf(database)}&${words}`
    const world = worldIn(folder, { APP_DSN: url })
    const report = await up(upRequest(), world)
    expect(report).toMatchObject({ verdict: 'pass', targets: [{ history: { kind: 'golang-migrate', table } }] })
    const args = ['-path', 'migrations/app', '-database', url, 'up']
    expect(run(folder, 'migrate', args).text).toMatch(/no change/)
  })

  test('what golang-migrate refuses is refused', async () => {
    const { folder, database } = await place(FILES)
    const url = `${urlOf(database)}&x-migrations-table=done&x-migrations-table-quoted=true`
    await expect(up(upRequest(), worldIn(folder, { APP_DSN: url }))).rejects.toMatchObject({ kind: 'use' })
  })

  test('what dbconfig.yml says is not read, and that is said', async () => {
    const { folder, world } = await place(inOne('+migrate ', ['Up', 'Down'], 'gorp_migrations'))
    const note = /^dbconfig\.yml names a table or a schema, which this tool does not read/
    writeFileSync(path.join(folder, 'dbconfig.yml'), 'development:\n  dialect: postgres\n  dir: migrations/app\n')
    expect((await status(statusRequest(), world)).targets[0]?.notes).toEqual([])
    writeFileSync(path.join(folder, 'dbconfig.yml'), 'development:\n  dialect: postgres\n  table: done\n')
    expect((await status(statusRequest(), world)).targets[0]?.notes).toEqual([expect.stringMatching(note)])
  })

  const dbmate = isInstalled('dbmate') ? test : test.skip
  dbmate('in a variable, and the config has the last word (needs: dbmate)', async () => {
    const file = { 'migrations/app/1_a.sql': '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n' }
    const { folder, database } = await place(file)
    const variables = { APP_DSN: database.dsn, DBMATE_MIGRATIONS_TABLE: 'Done' }
    expect(await up(upRequest(), worldIn(folder, variables))).toMatchObject({
      targets: [{ history: { kind: 'dbmate', table: 'public.Done' } }],
    })
    const args = ['-u', urlOf(database), '-d', 'migrations/app', '--no-dump-schema', '--migrations-table', 'Done', 'up']
    expect(run(folder, 'dbmate', args)).toMatchObject({ code: 0, text: '' })
    writeFileSync(path.join(folder, 'migration-gate.yml'), 'databases: { app: { history: { table: other } } }\n')
    expect(await status(statusRequest(), worldIn(folder, variables))).toMatchObject({
      targets: [{ history: { table: 'public.other', exists: false } }],
    })
  })
})
