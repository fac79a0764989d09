// What the rows of each tool mean for the files of a folder.
import { describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import type { Applied, History, Rows } from '../../src/state/history.js'
import type { LayoutName, Migration } from '../../src/model/migration.js'
import { planUp } from '../../src/state/plan.js'
import { migrationStatus } from '../../src/state/status.js'
import { histories, historyOf, liveRefusal } from '../../src/tools/histories.js'
import { pairs as pairsTool } from '../../src/tools/pairs/tool.js'
import { tools } from '../../src/tools/tools.js'
import { repeatable } from '../support/migrations.js'
import { readFiles } from './sources.js'

const T = '2026-01-02T03:04:05.000000Z'

const historyNamed = (kind: string): History => {
  const history = histories.find((one) => one.kind === kind)
  if (history === undefined) throw new Error(kind)
  return history
}

const read = (layout: LayoutName, files: Readonly<Record<string, string>>): readonly Migration[] => {
  const found = tools.find(({ name }) => name === layout)
  if (found === undefined) throw new Error(layout)
  return readFiles(found, files).migrations
}

const goose = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n'
const sqlMigrate = '-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n'
const dbmate = '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n'

const folders: Readonly<Record<string, readonly Migration[]>> = {
  goose: read('goose', { '00001_a.sql': goose, '00002_b.sql': goose, '00010_c.sql': goose }),
  'golang-migrate': read('pairs', {
    '00001_a.up.sql': 'SELECT 1;',
    '00001_a.down.sql': 'SELECT 1;',
    '00002_b.up.sql': 'SELECT 2;',
    '00010_c.up.sql': 'SELECT 3;',
  }),
  'sql-migrate': read('sql-migrate', { '2_b.sql': sqlMigrate, '10_c.sql': sqlMigrate, '1-a.sql': sqlMigrate }),
  dbmate: read('dbmate', { '001_a.sql': dbmate, '002_b.sql': dbmate, '010_c.sql': dbmate }),
  diesel: read('directories', {
    '2026-01-01-000000_a/up.sql': 'SELECT 1;',
    '2026-01-02-000000_b/up.sql': 'SELECT 1;',
    '2026-01-10-000000_c/up.sql': 'SELECT 1;',
  }),
}
const sha384 = (text: string): string => createHash('sha384').update(text).digest('hex')
const pairs = folders['golang-migrate'] ?? []
const sqlxSums = ['SELECT 1;', 'SELECT 2;', 'SELECT 3;'].map(sha384)

const rowOf: Readonly<Record<string, (key: string) => readonly (string | null)[]>> = {
  goose: (key) => [key, T, 't'],
  'golang-migrate': (key) => [key, 'f'],
  'sql-migrate': (key) => [key, T],
  dbmate: (key) => [key],
  diesel: (key) => [key, T],
  sqlx: (key) => [key, T, 't', sqlxSums[['1', '2', '10'].indexOf(key)] ?? ''],
  'node-pg-migrate': (key) => [key, T],
  ours: (key) => [key, T],
}

/** `keys` are those of the three files, in order; `gone` is one that no file has. */
const cases: readonly { kind: string; keys: readonly [string, string, string]; gone: string }[] = [
  { kind: 'goose', keys: ['1', '2', '10'], gone: '5' },
  { kind: 'sql-migrate', keys: ['1-a.sql', '2_b.sql', '10_c.sql'], gone: '2_z.sql' },
  { kind: 'dbmate', keys: ['001', '002', '010'], gone: '2' },
  { kind: 'diesel', keys: ['20260101000000', '20260102000000', '20260110000000'], gone: '00000000000000' },
  { kind: 'sqlx', keys: ['1', '2', '10'], gone: '5' },
  { kind: 'node-pg-migrate', keys: ['00001_a', '00002_b', '00010_c'], gone: '00002_z' },
  { kind: 'ours', keys: ['00001_a', '00002_b', '00010_c'], gone: '00002_z' },
]

const seen = (
  history: History,
  migrations: readonly Migration[],
  rows: Rows,
): Omit<Applied, 'migrations'> & { readonly names: string; readonly pending: string } => {
  const { migrations: applied, ...rest } = history.applied(migrations, rows)
  const last = (all: readonly Migration[]): string => all.map(({ id }) => id.slice(-1)).join('')
  return {
    ...rest,
    names: last(applied.map(({ migration }) => migration)),
    pending: last(history.pending(migrations, rows)),
  }
}

describe.each(cases)('$kind', ({ kind, keys, gone }) => {
  const history = historyNamed(kind)
  const migrations = folders[kind] ?? pairs
  const row = rowOf[kind] ?? (() => [])
  const see = (...rows: readonly string[]): ReturnType<typeof seen> => seen(history, migrations, rows.map(row))
  const [a, b, c] = keys

  test('knows its migrations by these keys', () => {
    expect(migrations.map(history.keyOf)).toEqual(keys)
  })

  test.each([
    ['nothing', [], { names: '', pending: 'abc' }],
    ['the first', [a], { names: 'a', pending: 'bc' }],
    ['all', [a, b, c], { names: 'abc', pending: '' }],
    ['the last two are in, the first is late', [b, c], { names: 'bc', pending: 'a' }],
    ['one in the middle is late', [c, a], { names: 'ac', pending: 'b' }],
    ['one without a file', [a, gone], { names: 'a', pending: 'bc', missing: [gone] }],
    ['one twice', [a, b, a], { names: 'ab', pending: 'c', repeated: [a] }],
  ])('%s', (_what, rows, expected) => {
    const { missing, ...rest } = see(...rows)
    expect({ ...rest, missing: missing.map(({ key }) => key) }).toMatchObject({
      missing: [],
      repeated: [],
      dirty: undefined,
      edited: [],
      ...expected,
    })
  })

  test('says when, where the table says it', () => {
    expect(history.applied(migrations, [row(a)]).migrations[0]?.at).toBe(kind === 'dbmate' ? undefined : T)
  })
})

describe('goose', () => {
  const history = historyNamed('goose')
  const see = (...rows: readonly (readonly [string, boolean])[]): ReturnType<typeof seen> =>
    seen(
      history,
      folders['goose'] ?? [],
      rows.map(([key, flag]) => [key, T, flag ? 't' : 'f']),
    )

  test('version 0 is no migration', () => {
    expect(see(['0', true], ['1', true])).toMatchObject({ names: 'a', missing: [], pending: 'bc' })
  })

  test('what an old version rolled back is neither applied nor ever applied again', () => {
    expect(see(['0', true], ['1', true], ['2', true], ['2', false])).toMatchObject({
      names: 'a',
      pending: 'c',
      rolledBack: ['2'],
      repeated: [],
    })
  })

  test('rolled back and applied again is applied, once', () => {
    expect(see(['1', true], ['1', false], ['1', true])).toMatchObject({ names: 'a', rolledBack: [], repeated: [] })
  })

  test('its down follows the order of the rows', () => {
    const { backwards } = history.applied(
      folders['goose'] ?? [],
      ['0', '1', '10', '2'].map((key) => [key, T, 't']),
    )
    expect(backwards?.map(({ id }) => id)).toEqual(['00002_b', '00010_c', '00001_a'])
  })
})

describe('golang-migrate', () => {
  const history = historyNamed('golang-migrate')
  const see = (...rows: Rows): ReturnType<typeof seen> => seen(history, pairs, rows)

  test.each([
    ['no row', [], { names: '', pending: 'abc', missing: [] }],
    ['a row at the first', [['1', 'f']], { names: 'a', pending: 'bc', missing: [] }],
    ['all below the row counts as applied', [['10', 'f']], { names: 'abc', pending: '', missing: [] }],
    ['a version without a file', [['5', 'f']], { names: 'ab', pending: 'c', missing: [{ key: '5', at: undefined }] }],
    ['dirty', [['2', 't']], { names: 'ab', pending: 'c', dirty: '2' }],
    ['dirty on the way to nothing', [['-1', 't']], { names: '', pending: 'abc', dirty: '-1', missing: [] }],
    [
      'two rows',
      [
        ['1', 'f'],
        ['2', 'f'],
      ],
      { names: 'ab', repeated: ['1', '2'] },
    ],
  ] as const)('%s', (_what, rows, expected) => {
    expect(see(...rows)).toMatchObject(expected)
  })

  test('takes a row back to the version before, and away for the first', () => {
    const [first, second] = pairs
    if (first === undefined || second === undefined) throw new Error('no files')
    expect(history.remove('t', second, [first])).toBe('DELETE FROM t; INSERT INTO t (version, dirty) VALUES (1, false)')
    expect(history.remove('t', first, [])).toBe('DELETE FROM t')
    expect(history.begin?.('t', second, 'up', [])).toContain('VALUES (2, true)')
    expect(history.begin?.('t', second, 'down', [first])).toContain('VALUES (1, true)')
    expect(history.begin?.('t', first, 'down', [])).toContain('VALUES (-1, true)')
  })

  test('a version that is no number below 2^63 is refused, and never counts as applied', () => {
    const strange = read('pairs', { '9223372036854775808_big.up.sql': 'SELECT 1;', '1.2__dot.up.sql': 'SELECT 1;' })
    expect(seen(history, strange, [['9223372036854775807', 'f']])).toMatchObject({ names: '' })
    for (const migration of strange) expect(() => history.record('t', migration)).toThrow(/whole numbers/)
  })
})

describe('sqlx', () => {
  const history = historyNamed('sqlx')
  const LF = 'CREATE TABLE t(id int);\n'
  const files = (text: string): readonly Migration[] => read('pairs', { '1_users_and_roles.up.sql': text })

  test('the checksum is that of the bytes of the file', () => {
    expect(files(LF)[0]?.up?.sha384).toMatch(/^80e4d7a6fb5c.*9e23cec$/)
    expect(files(LF.replace('\n', '\r\n'))[0]?.up?.sha384).toMatch(/^5e31d095b51d.*7aa3efb$/)
  })

  test('records what it knows of the file', () => {
    const [migration] = files(LF)
    if (migration === undefined) throw new Error('no file')
    expect(history.record('t', migration)).toContain(
      `VALUES (1, 'users and roles', true, decode('${sha384(LF)}', 'hex')`,
    )
  })

  test.each([
    ['the same', LF, [], []],
    ['edited', 'CREATE TABLE t(id bigint);\n', ['1'], []],
    ['other line ends', LF.replace('\n', '\r\n'), ['1'], ['1']],
  ])('%s', (_what, text, edited, lineEndsOnly) => {
    expect(history.applied(files(text), [['1', T, 't', sha384(LF)]])).toMatchObject({ edited, lineEndsOnly })
  })

  test.each([
    ['an edited file', 'CREATE TABLE t(id bigint);\n', 'was edited after it was applied', 'Restore the old file'],
    [
      'a checkout with other line ends',
      LF.replace('\n', '\r\n'),
      'has other line ends than when it was applied',
      'eol=',
    ],
  ])('%s stops an up, and what is to be done about it is said', (_what, text, what, fix) => {
    const migrations = files(text)
    const status = migrationStatus({ migrations, history, rows: [['1', T, 't', sha384(LF)]], journal: [] })
    const plan = planUp({
      about: '--databases a',
      check: '`pg-migration-gate check db`',
      database: 'app',
      migrations,
      status,
      history,
      to: undefined,
      late: 'refuse',
    })
    expect(plan.refused).toEqual([
      { kind: 'plan', what: expect.stringContaining(what), fix: expect.stringContaining(fix) },
    ])
  })

  test('a row without success is dirty', () => {
    expect(history.applied(files(LF), [['1', T, 'f', sha384(LF)]]).dirty).toBe('1')
  })

  test('without an up there is nothing to make a checksum of', () => {
    const [migration] = read('pairs', { '1_a.down.sql': 'SELECT 1;', '2_b.up.sql': 'SELECT 1;' })
    if (migration === undefined) throw new Error('no file')
    expect(() => history.record('t', migration)).toThrow(/checksum/)
  })
})

test('a name with a quote cannot leave its text', () => {
  const [migration] = read('sql-migrate', { "1_it's.sql": sqlMigrate })
  if (migration === undefined) throw new Error('no file')
  expect(historyNamed('sql-migrate').record('t', migration)).toContain("('1_it''s.sql', ")
})

describe('the proof of a chain keeps', () => {
  const kept = (kind: History['kind'] | undefined, migrations: readonly Migration[], table?: string): string => {
    const history = { kind: kind === 'ours' ? undefined : kind, table }
    const found = historyOf({ config: { history }, layout: 'pairs', migrations })
    return `${found.kind} ${found.table}`
  }

  test.each([
    [undefined, pairs, undefined, 'ours migration_gate.applied'],
    ['golang-migrate', pairs, undefined, 'golang-migrate public.schema_migrations'],
    ['goose', pairs, undefined, 'goose goose_db_version'],
    ['sqlx', pairs, 'ops.done', 'sqlx "done"'],
    ['golang-migrate', read('pairs', { '1.2__x.up.sql': 'SELECT 1;' }), undefined, 'ours migration_gate.applied'],
    ['sqlx', read('pairs', { '1_x.up.go': '' }), undefined, 'ours migration_gate.applied'],
  ] as const)('of %s', (kind, migrations, table, expected) => {
    expect(kept(kind, migrations, table)).toBe(expected)
  })
})

test('migrations that run again whenever they change are refused on live databases, and the proof passes over them', () => {
  const migrations = [
    ...read('pairs', { '1_a.up.sql': 'SELECT 1', '1_a.down.sql': 'SELECT 1' }),
    repeatable('views', ''),
  ]
  expect(liveRefusal(pairsTool, migrations)).toEqual({
    holds: 'migrations that run again whenever they change (R__views), which is not supported on live databases yet',
    fix: 'Keep applying them with their own tool',
  })
  expect(liveRefusal(pairsTool, migrations.slice(0, 1))).toBeUndefined()
  const config = { history: { kind: 'golang-migrate', table: undefined } }
  expect(historyOf({ config, layout: 'pairs', migrations }).kind).toBe('golang-migrate')
})
