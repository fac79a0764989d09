// check --fix: what it writes, and that the next check agrees.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { check } from '../../../src/commands/check/check.js'
import type { CheckRequest } from '../../../src/requests/request.js'
import type { Report } from '../../../src/report/check-report.js'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { fixedFiles } from '../../../src/render/words/check.js'
import { foldersForTests, type Folder } from '../../adapters/host/folder.js'
import { checkRequest, lent } from '../../support/check.js'
import { serverForTests } from '../../support/live.js'
import { NOTHING } from '../../support/nothing.js'

const live = serverForTests()
const folderOf = foldersForTests()
const checked = (folder: Folder, request: Partial<CheckRequest> = {}): Promise<Report> =>
  check(checkRequest({ proof: 'guided', fix: true, ...request }), {
    ...NOTHING,
    clock: systemClock,
    files: createFiles(folder.path),
    startServer: () => Promise.resolve(lent(live.server)),
  })

const UP = 'CREATE TABLE a (id int);\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;\n'
const LAYOUTS: Readonly<Record<string, (down: string | undefined) => Readonly<Record<string, string>>>> = {
  pairs: (down) => ({
    'm/00001_a.up.sql': UP,
    ...(down !== undefined && { 'm/00001_a.down.sql': down }),
    'm/00000_x.up.sql': 'SELECT 1;\n',
    'm/00000_x.down.sql': 'SELECT 1;\n',
  }),
  directories: (down) => ({
    'm/2024-01-01-000000_a/up.sql': UP,
    ...(down !== undefined && { 'm/2024-01-01-000000_a/down.sql': down }),
  }),
  goose: (down) => ({
    'm/00001_a.sql': `-- +goose Up\n-- +goose StatementBegin\n${UP}-- +goose StatementEnd\n${down === undefined ? '' : `-- +goose Down\n${down}`}`,
  }),
  'sql-migrate': (down) => ({
    'm/1_a.sql': `-- +migrate Up\n-- +migrate StatementBegin\n${UP}-- +migrate StatementEnd\n${down === undefined ? '' : `-- +migrate Down\n${down}`}`,
  }),
  dbmate: (down) => ({
    'm/20240101000000_a.sql': `-- migrate:up\n${UP}${down === undefined ? '' : `-- migrate:down\n${down}`}`,
  }),
}
const DOWNS: Readonly<Record<string, string | undefined>> = {
  'leaves something': 'DROP TABLE a;\n',
  'leaves something, without a semicolon': 'DROP TABLE a',
  'is empty': '-- nothing\n',
  fails: 'DROP TABLE b;\n',
  'is missing': undefined,
}

describe.each(Object.entries(LAYOUTS))('%s', (layout, filesOf) => {
  test.each(Object.entries(DOWNS))('a down that %s is mended, and the next check passes', async (what, down) => {
    // goose and sql-migrate take a statement without a semicolon for none; and a file without a down is none in dbmate's.
    const known =
      !(what.includes('semicolon') && ['goose', 'sql-migrate'].includes(layout)) &&
      !(down === undefined && layout === 'dbmate')
    const folder = folderOf({ ...filesOf(down), 'migration-gate.yml': 'databases:\n  app:\n    folder: m\n' })
    const report = await checked(folder)
    if (!known && report.fixed?.length === 0) return
    expect(report.fixed).toMatchObject([
      { problem: undefined, loses: what.startsWith('leaves') ? [] : ['the table public.a with all its rows'] },
    ])
    expect(report.verdict).toBe('fail')
    const again = await checked(folder, { fix: false })
    expect(again.findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(again.databases[0]?.migrations.at(-1)?.proof).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
  })
})

test('what was there stays, with its line ends; what is dropped is said in the file', async () => {
  const down = '-- by hand\r\nDROP FUNCTION f();\r\n'
  const folder = folderOf({ 'migrations/app/00001_a.up.sql': UP, 'migrations/app/00001_a.down.sql': down })
  await checked(folder)
  expect(readFileSync(folder.at('migrations/app/00001_a.down.sql'), 'utf8')).toBe(
    '-- by hand\r\nDROP FUNCTION f();\r\n-- Derived from what the up does, and proved:\r\n-- it drops the table public.a with all its rows.\r\nDROP TABLE public.a;\r\n',
  )
})

test('what the lines may not be able to do is said in the file and in the report', async () => {
  const folder = folderOf({
    'migrations/app/00001_a.up.sql': 'CREATE TABLE a (id int NOT NULL);\n',
    'migrations/app/00001_a.down.sql': 'DROP TABLE a;\n',
    'migrations/app/00002_b.up.sql': 'ALTER TABLE a ALTER COLUMN id DROP NOT NULL;\n',
    'migrations/app/00002_b.down.sql': '-- nothing\n',
  })
  const note = 'Rows with NULL in public.a.id make the line fail.'
  const report = await checked(folder)
  expect(report.fixed).toMatchObject([{ migration: '00002_b', loses: [], notes: [note], problem: undefined }])
  expect(fixedFiles(report)).toEqual([`migrations/app/00002_b.down.sql: ${note.replace(/\.$/, '')}`])
  expect(readFileSync(folder.at('migrations/app/00002_b.down.sql'), 'utf8')).toContain(`-- ${note}\nALTER TABLE`)
})

test('without being asked nothing is written', async () => {
  const files = { 'migrations/app/00001_a.up.sql': UP, 'migrations/app/00001_a.down.sql': 'DROP TABLE a;\n' }
  const folder = folderOf(files)
  const report = await checked(folder, { fix: false })
  expect(report.fixed).toBeUndefined()
  expect(readFileSync(folder.at('migrations/app/00001_a.down.sql'), 'utf8')).toBe('DROP TABLE a;\n')
})

describe('beside a statement that runs only outside of a transaction', () => {
  const UP = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n'
  const MADE = 'CREATE INDEX CONCURRENTLY i ON a (id);'

  test('lines are not offered where they would travel in its message', async () => {
    const folder = folderOf({
      'm/00001_a.up.sql': UP,
      'm/00001_a.down.sql': 'DROP TABLE a, b;\n',
      'm/00002_i.up.sql': `${MADE}\n`,
      'm/00002_i.down.sql': 'DROP INDEX CONCURRENTLY i;\n',
      'm/00003_r.up.sql': 'DROP INDEX i;\nALTER TABLE b ADD COLUMN c int;\n',
      'm/00003_r.down.sql': `${MADE}\n`,
    })
    const report = await checked(folder, { paths: ['m'] })
    const [last] = report.databases[0]?.migrations.slice(-1) ?? []
    expect(last?.proof).toMatchObject({ down: 'differs' })
    expect(last?.proof).not.toHaveProperty('repair')
    expect(readFileSync(folder.at('m/00003_r.down.sql'), 'utf8')).toBe(`${MADE}\n`)
  })

  test('they are written where the tool sends each statement by itself', async () => {
    const folder = folderOf({
      'm/00001_a.sql': `-- +goose Up\n${UP}-- +goose Down\nDROP TABLE a, b;\n`,
      'm/00002_i.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${MADE}\nALTER TABLE b ADD COLUMN c int;\n-- +goose Down\nDROP INDEX CONCURRENTLY i;\n`,
    })
    expect((await checked(folder, { paths: ['m'] })).fixed).toMatchObject([
      { migration: '00002_i', problem: undefined },
    ])
    expect(await checked(folder, { paths: ['m'] })).toMatchObject({ verdict: 'pass', counts: { errors: 0 } })
  })
})

test('a file whose up comes after its down is left to its author', async () => {
  const text = `-- +goose Down\nDROP TABLE a;\n-- +goose Up\n${UP}`
  const folder = folderOf({ 'migrations/app/00001_a.sql': text })
  const report = await checked(folder)
  for (const { problem } of report.fixed ?? []) expect(problem).toMatch(/its up comes after its down|would not read/)
  expect(readFileSync(folder.at('migrations/app/00001_a.sql'), 'utf8')).toBe(text)
})

test('a folder without any down gets one finding: downs are derived only where --fix writes them', async () => {
  const files = [1, 2, 3, 4, 5, 6].map((n) => [`m/0000${n}_a.up.sql`, `CREATE TABLE t${n} (id int);\n`] as const)
  const folder = folderOf(Object.fromEntries(files))
  const looked = await checked(folder, { paths: ['m'], fix: false })
  expect(looked.findings.map(({ message }) => message)).toEqual(['none of the 6 migrations has a down'])
  expect(looked.databases[0]?.migrations.filter(({ proof }) => proof?.repair !== undefined)).toEqual([])
  expect((await checked(folder, { paths: ['m'] })).fixed).toHaveLength(6)
  expect(readFileSync(folder.at('m/00001_a.down.sql'), 'utf8')).toContain('DROP TABLE public.t1;')
  expect(await checked(folder, { paths: ['m'], fix: false })).toMatchObject({ verdict: 'pass' })
})
