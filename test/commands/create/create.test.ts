// `create` on real folders, with downs derived on a real server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { check } from '../../../src/commands/check/check.js'
import { create } from '../../../src/commands/create/create.js'
import type { CreateRequest, Created } from '../../../src/commands/create/request.js'
import type { World } from '../../../src/commands/shared/context.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { createModules } from '../../../src/adapters/host/modules.js'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { checkRequest, createRequest, lent } from '../../support/check.js'
import { NOTHING } from '../../support/nothing.js'
import { openServer } from '../../support/server.js'

const REPOSITORY = path.resolve(import.meta.dirname, '../../../')
const NOW = Date.UTC(2026, 10, 26, 2, 5, 9)

const UP = `-- Accounts may be paid for.
CREATE TYPE account_tier AS ENUM ('free', 'paid');
CREATE TABLE accounts_paid (id bigserial PRIMARY KEY, tier account_tier NOT NULL DEFAULT 'free');
CREATE FUNCTION account_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE 'one; two';
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE UPDATE ON accounts_paid FOR EACH ROW EXECUTE FUNCTION account_stamp();
`

describe('create', () => {
  let server: ScratchServer
  let root: string
  beforeAll(async () => {
    server = await openServer()
    root = mkdtempSync(path.join(tmpdir(), 'create-'))
    for (const name of ['migrations', 'examples'])
      cpSync(path.join(REPOSITORY, name), path.join(root, name), { recursive: true })
  })
  afterAll(async () => {
    await server.close()
    rmSync(root, { recursive: true, force: true })
  })

  const world = (): World => ({
    ...NOTHING,
    files: createFiles(root),
    clock: { ...NOTHING.clock, now: () => NOW },
    modules: createModules({
      root,
      environment: {},
      node: { program: process.execPath, version: process.version, stripsTypes: false },
    }),
    startServer: () => Promise.resolve(lent(server)),
  })
  const ask = (database: string, name: string, more: Partial<CreateRequest> = {}): Promise<Created> => {
    return create(createRequest({ database, name, ...more }), world())
  }
  const fromSql = (database: string, name: string, sql: string): Promise<Created> => {
    writeFileSync(path.join(root, 'up.sql'), sql)
    return ask(database, name, { fromSql: 'up.sql' })
  }
  const read = (name: string | undefined): string => readFileSync(path.join(root, name ?? ''), 'utf8')
  const folder = (name: string): string => {
    mkdirSync(path.join(root, 'migrations', name), { recursive: true })
    return name
  }

  test('both files of the next version, with a header', async () => {
    const { files, exitCode } = await ask('kyc_db', 'Add Reviewer')
    expect(exitCode).toBe(0)
    expect(files.map((file) => path.basename(file))).toEqual([
      expect.stringMatching(/^0000\d_add_reviewer\.up\.sql$/),
      expect.stringMatching(/^0000\d_add_reviewer\.down\.sql$/),
    ])
    for (const file of files) expect(read(file)).toMatch(/^-- 0000\d_add_reviewer, (?:up|down): .*\n$/)
  })

  test('a seed comes after the seeds that are there', async () => {
    const { files } = await ask('rates_db', 'more pairs', { seed: true })
    expect(files).toEqual(['migrations/rates_db/seeds/00012_more_pairs.mjs'])
    expect(read(files[0])).toBe(
      [
        '// 00012_more_pairs, up: what changes, and why.',
        'export async function up({ query }) {}',
        '',
        '// 00012_more_pairs, down: rolls back everything that the up does, in reverse order.',
        'export async function down({ query }) {}',
        '',
      ].join('\n'),
    )
  })

  test('an empty folder is a new database', async () => {
    expect((await ask(folder('ledger_db'), 'first step')).files).toEqual([
      'migrations/ledger_db/00001_first_step.up.sql',
      'migrations/ledger_db/00001_first_step.down.sql',
    ])
  })

  test('a number that would run before the newest one is refused: dbmate orders names as text', async () => {
    const file = path.join(root, 'migrations', folder('text_db'), '9_a.sql')
    writeFileSync(file, '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n')
    await expect(ask('text_db', 'more')).rejects.toMatchObject({
      message: 'no number comes after 9_a: the tool runs files by their names as text, where 10 comes before 9',
    })
  })

  test('never overwrites a file', async () => {
    const { files } = await ask(folder('taken_db'), 'one')
    const [up = ''] = files
    await expect(createFiles(root).create(up, 'other')).rejects.toMatchObject({ kind: 'use' })
    expect(read(up)).toContain('one, up')
    const next = await ask('taken_db', 'one')
    expect(next.files[0]).toBe('migrations/taken_db/00002_one.up.sql')
  })

  test.each([
    ['migrations/core_db', 'pairs'],
    ['examples/goose/core_db', 'goose'],
    ['examples/sql-migrate/core_db', 'sql-migrate'],
    ['examples/dbmate/core_db', 'dbmate'],
    ['examples/directories/kyc_db', 'directories'],
  ])('%s: a derived down in the layout %s, which the check proves', async (database) => {
    const { files, derived, exitCode } = await fromSql(database, 'paid accounts', UP)
    expect(derived).toMatchObject({ word: 'same', problem: undefined, statements: 3 })
    expect(derived?.loses).toEqual(['the table public.accounts_paid with all its rows'])
    expect(exitCode).toBe(0)
    const down = read(files.at(-1))
    expect(down).toContain(
      'DROP TABLE public.accounts_paid;\nDROP FUNCTION public.account_stamp();\nDROP TYPE public.account_tier;\n',
    )
    expect(down).toContain('-- It drops the table public.accounts_paid with all its rows.\n')
    expect(read(files[0])).toContain('-- Accounts may be paid for.\n')
    const report = await check(checkRequest({ paths: [database], proof: 'guided', failOn: 'warning' }), world())
    expect(report.findings).toEqual([])
    expect(report.databases[0]?.migrations.at(-1)?.proof).toMatchObject({ up: 'ok', down: 'same', again: 'same' })
  })

  test('a down that does not prove is not written; the file says why', async () => {
    const sql = 'CREATE AGGREGATE total (integer) (sfunc = int4pl, stype = integer);\n'
    await fromSql(folder('odd_db'), 'make', sql)
    const { derived, files, exitCode } = await fromSql('odd_db', 'drop', 'DROP AGGREGATE total (integer);\n')
    expect(exitCode).toBe(1)
    expect(derived).toMatchObject({ word: 'not proved', problem: 'The derived down does not restore the schema.' })
    const down = read(files[1])
    expect(down.split('\n').every((line) => line === '' || line.startsWith('-- '))).toBe(true)
    expect(down).toContain('-- lost: aggregate public.total(integer)\n')
    expect(down).toContain('-- The catalogue holds too little to create the aggregate public.total(integer) again.\n')
  })

  test('rows are not derived: says so beside a down, or instead of one', async () => {
    await fromSql(folder('rows_db'), 'make', 'CREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\n')
    expect(read('migrations/rows_db/00001_make.down.sql')).not.toContain('rows of tables')
    const mixed = await fromSql('rows_db', 'mixed', 'UPDATE t SET id = 2;\nALTER TABLE t ADD COLUMN n int;\n')
    expect(mixed).toMatchObject({ exitCode: 0, derived: { word: 'same' } })
    expect(read(mixed.files[1])).toContain(
      '-- The up changes rows of existing tables; those changes are not brought back.\n',
    )
    const only = await fromSql('rows_db', 'only', 'DELETE FROM t WHERE id = 5;\n')
    expect(only).toMatchObject({ exitCode: 1, derived: { problem: 'The up changes only rows.' } })
  })

  test('says beside each statement of a derived down which rows make it fail', async () => {
    const base = `CREATE TABLE t (id int PRIMARY KEY, state text NOT NULL, code varchar(9) UNIQUE, size int NOT NULL);\n`
    await fromSql(folder('filled_db'), 'make', base)
    const some = `ALTER TABLE t ALTER state DROP NOT NULL;\nALTER TABLE t DROP CONSTRAINT t_code_key;\n`
    const { derived, files, exitCode } = await fromSql('filled_db', 'loosen', some)
    expect(exitCode).toBe(0)
    expect(derived).toMatchObject({ word: 'same', onRows: 'fails on some' })
    const down = read(files[1])
    expect(down).toContain(
      '-- Fails on rows with NULL in state:\nALTER TABLE public.t ALTER COLUMN state SET NOT NULL;\n',
    )
    expect(down).toContain(
      '-- Fails on rows that are equal for t_code_key:\nALTER TABLE public.t ADD CONSTRAINT t_code_key',
    )
    expect(down).toContain('-- The statements are proved with rows, but not with all.\n')
    const any = await fromSql('filled_db', 'drop size', 'ALTER TABLE t DROP COLUMN size;\n')
    expect(any.derived).toMatchObject({ onRows: 'fails' })
    expect(read(any.files[1])).toContain(
      '-- Fails on any row:\nALTER TABLE public.t ADD COLUMN size integer NOT NULL;\n',
    )
    expect(read(any.files[1])).toContain('-- The statements are proved on empty tables; with rows they fail.\n')
    const holds = await fromSql('filled_db', 'widen', 'ALTER TABLE t ADD COLUMN note text;\n')
    expect(holds.derived).toMatchObject({ onRows: 'holds' })
  })

  test('notes a column that comes back in another position', async () => {
    await fromSql(folder('order_db'), 'make', 'CREATE TABLE t (a int, b text, c int);\n')
    const { derived, files, exitCode } = await fromSql('order_db', 'drop b', 'ALTER TABLE t DROP COLUMN b;\n')
    expect([exitCode, derived?.word]).toEqual([0, 'column-order'])
    expect(read(files[1])).toContain('-- An added column comes last in its table')
  })

  test('text from the catalogue stays inside of its comment', async () => {
    const sql = 'CREATE TABLE "x\nDROP TABLE y;" (id int);\n'
    const { files, derived } = await fromSql(folder('hostile_db'), 'make', sql)
    expect(derived?.word).toBe('same')
    const comments = read(files[1])
      .split('\n')
      .filter((line) => line.startsWith('--'))
    expect(comments.at(-1)).toBe('-- It drops the table public."x DROP TABLE y;" with all its rows.')
  })

  test.each([
    ['nope_db', 'x', 'there is no database "nope_db"', undefined],
    ['core_db', '...', 'the name "..." has no letters or digits for a file name', undefined],
    ['core_db', 'x', 'the SQL for', 'ALTER TABLE nothing_of_that_name ADD x int;'],
    ['core_db', 'x', 'contains markers of goose', '-- +goose Up\nSELECT 1;\n'],
    ['core_db', 'x', 'up.sql holds no SQL statement', '-- nothing\n'],
  ])('%s %s: %s', async (database, name, message, sql) => {
    const listed = (): readonly string[] =>
      readdirSync(path.join(root, 'migrations'), { recursive: true, encoding: 'utf8' })
    const before = listed()
    const asked = sql === undefined ? ask(database, name) : fromSql(database, name, sql)
    await expect(asked).rejects.toMatchObject({ kind: 'use', message: expect.stringContaining(message) })
    expect(listed()).toEqual(before)
  })

  test('a seed is not derived, and no file is no SQL', async () => {
    await expect(ask('core_db', 'x', { seed: true, fromSql: 'up.sql' })).rejects.toThrow('cannot be combined')
    await expect(ask('core_db', 'x', { fromSql: 'no-such.sql' })).rejects.toThrow('no-such.sql cannot be read')
  })
})
