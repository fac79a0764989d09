// Files that the tool of a database does not run, beside commands on live databases: named, and never "up to date".
import { describe, expect, test } from '@jest/globals'
import path from 'node:path'
import type { LiveReport } from '../../../src/report/run-report.js'
import { renderLiveText } from '../../../src/render/text/run.js'
import { foldersForTests } from '../../adapters/host/folder.js'
import { status, up } from '../../support/everyday.js'
import { serverForTests, statusRequest, upRequest, worldIn, type LiveDatabase } from '../../support/live.js'
import { isInstalled, run } from '../../tools/real-tools.js'

const live = serverForTests()
const makeFolder = foldersForTests()

type Files = Readonly<Record<string, string>>
type Place = { readonly folder: string; readonly database: LiveDatabase; readonly world: ReturnType<typeof worldIn> }

async function place(files: Files, variables: Files = {}): Promise<Place> {
  const inFolder = Object.entries(files).map(([name, text]) => [
    name.includes('.yml') ? name : `migrations/app/${name}`,
    text,
  ])
  const folder = makeFolder(Object.fromEntries(inFolder) as Files)
  const database = await live.database()
  const world = worldIn(folder.path, { APP_DSN: database.dsn, ...variables }, { server: live.server })
  return { folder: path.join(folder.path, 'migrations/app'), database, world }
}

const pair = (id: string, table = `t${id}`): Files => ({
  [`${id}.up.sql`]: `CREATE TABLE "${table}" ();\n`,
  [`${id}.down.sql`]: `DROP TABLE "${table}";\n`,
})
const dbmate = '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n'
const goose = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n'
const said = (report: LiveReport): string => renderLiveText(report, { colour: false, width: 120, verbosity: 'normal' })
const versions = ({ targets }: LiveReport): readonly string[] =>
  targets.flatMap(({ steps }) => steps.map(({ version }) => version))

describe('what the tool passes over', () => {
  test('is named by up and status, and status --check is not content', async () => {
    const files = { '00001_a.sql': dbmate, '00002_t.SQL': dbmate, 't_00003.sql': dbmate, 'x.sql': '' }
    const { world } = await place(files)
    const { world: configured } = await place({ ...files, 'migration-gate.yml': 'databases: { app: {} }\n' })
    const report = await up(upRequest(), world)
    expect(report).toMatchObject({ verdict: 'pass', counts: { done: 1 } })
    expect(report.targets[0]?.standing?.leftOut).toEqual(['migrations/app/00002_t.SQL', 'migrations/app/t_00003.sql'])
    expect(report.targets[0]?.notes).toEqual([
      'left out: 00002_t.SQL does not end in .sql, so dbmate passes over it (`pg-migration-gate check migrations/app`)',
      'left out: t_00003.sql does not begin with a number, so dbmate passes over it (`pg-migration-gate check migrations/app`)',
      'left out: dbmate passes over x.sql, so it never runs (`pg-migration-gate check migrations/app`)',
    ])
    const named = await status(statusRequest({ config: 'migration-gate.yml' }), configured)
    expect(named.targets[0]?.notes[0]).toContain(
      '(`pg-migration-gate check migrations/app --config migration-gate.yml`)',
    )
    expect(said(await up(upRequest(), world))).toContain('nothing to do in 1 database, 2 files left out')
    const seen = said(await status(statusRequest(), world))
    expect(seen).toContain('2 left out (00002_t.SQL, t_00003.sql)')
    expect(seen).not.toContain('up to date   ')
    expect(await status(statusRequest({ check: true }), world)).toMatchObject({ verdict: 'fail', exitCode: 1 })
  })

  test('a script that may be none leaves the status as it is', async () => {
    const { world } = await place({ '00001_a.sql': dbmate, 'x.sql': '' })
    await up(upRequest(), world)
    expect(await status(statusRequest({ check: true }), world)).toMatchObject({ verdict: 'pass' })
  })
})

describe('what the tool refuses', () => {
  test.each<readonly [string, Files]>([
    ['goose cannot read the file name 00003.sql', { '00001_a.sql': goose, '00003.sql': goose }],
    ['goose cannot read the file name notes.sql', { '00001_a.sql': goose, 'notes.sql': '' }],
    [
      'sql-migrate cannot read the file name 20240101000000000000_b.sql',
      { '1_a.sql': '-- +migrate Up\nSELECT 1;\n', '20240101000000000000_b.sql': '-- +migrate Up\nSELECT 1;\n' },
    ],
    [
      'the folder docs has neither up.sql nor down.sql',
      { '1_a/up.sql': 'SELECT 1;', '1_a/down.sql': 'SELECT 1;', 'docs/x.txt': '' },
    ],
  ])('%s', async (what, files) => {
    const { world } = await place(files)
    for (const command of [() => up(upRequest(), world), () => status(statusRequest(), world)]) {
      await expect(command()).rejects.toMatchObject({
        kind: 'use',
        message: expect.stringContaining(what),
        fix: expect.stringContaining('`pg-migration-gate check migrations/app`'),
      })
    }
  })
})

describe('golang-migrate', () => {
  const NAMELESS = { ...pair('2019031300_t', 'a'), ...pair('2019031301', 'b'), ...pair('2019031302_t', 'c') }
  const it = isInstalled('migrate') ? test : test.skip

  it('is not said to have applied a file without a title (needs: migrate)', async () => {
    const at = await place(NAMELESS)
    const url = `postgres://postgres@/${at.database.name}?host=${String(live.cluster.connection(at.database.name).host)}&sslmode=disable`
    expect(run(at.folder, 'migrate', ['-path', '.', '-database', url, 'up'])).toMatchObject({ code: 0 })
    const { targets } = await status(statusRequest(), at.world)
    expect(targets[0]?.standing?.applied.map(({ version }) => version)).toEqual(['2019031300', '2019031302'])
    expect(targets[0]?.standing?.leftOut).toEqual([
      'migrations/app/2019031301.up.sql',
      'migrations/app/2019031301.down.sql',
    ])
  })

  test('gets no version that it has no file for', async () => {
    for (const files of [
      { ...pair('1'), ...pair('2') },
      { '1_a.sql': 'SELECT 1;', '2_b.sql': 'SELECT 2;' },
      { ...pair('1-a'), ...pair('2-b') },
    ]) {
      const { world } = await place(files)
      const report = await up(upRequest(), world)
      expect(report.targets[0]?.history).toMatchObject({ kind: 'ours' })
      expect(versions(report)).toEqual(['1', '2'])
    }
  })

  test('its table beside files that it does not run is refused', async () => {
    const { world, database } = await place({ ...pair('1'), ...pair('2') })
    await database.query('CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)')
    await expect(up(upRequest({ environment: 'test' }), world)).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining(
        'its history is that of golang-migrate, which runs none of these files (1.up.sql',
      ),
      fix: expect.stringContaining('`pg-migration-gate baseline --environment test --databases app --to VERSION`'),
    })
  })

  test('its table decides about a file that only sqlx runs', async () => {
    const { world, database } = await place({ ...pair('1_a'), '2_b.sql': 'CREATE TABLE b ();\n', ...pair('3_c') })
    await database.query('CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)')
    const report = await up(upRequest(), world)
    expect(versions(report)).toEqual(['1', '3'])
    expect(report.targets[0]?.standing?.leftOut).toEqual(['migrations/app/2_b.sql'])
  })
})

describe('sqlx runs simple migrations beside pairs', () => {
  const FILES = { '1_a.sql': 'CREATE TABLE a ();\n', ...pair('2_b') }

  test('which the config says where the database does not', async () => {
    const { world } = await place(FILES)
    await expect(up(upRequest(), world)).rejects.toMatchObject({
      kind: 'use',
      message: expect.stringContaining('sqlx runs 1_a.sql and golang-migrate passes over it'),
      fix: expect.stringContaining('history.kind'),
    })
  })

  test('in its own table', async () => {
    const config = 'databases:\n  app:\n    folder: migrations/app\n    dsn: APP_DSN\n    history:\n      kind: sqlx\n'
    const { world, database } = await place({ ...FILES, 'migration-gate.yml': config })
    await up(upRequest(), world)
    expect(await database.query('SELECT version, description FROM _sqlx_migrations ORDER BY 1')).toEqual([
      { version: '1', description: 'a' },
      { version: '2', description: 'b' },
    ])
    expect(await status(statusRequest({ check: true }), world)).toMatchObject({ verdict: 'pass' })
  })
})
