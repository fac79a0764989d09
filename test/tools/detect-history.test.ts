// Which history a database has: from its tables, the layout and the config.
import { describe, expect, test } from '@jest/globals'
import type { DatabaseConfig } from '../../src/model/config.js'
import type { LayoutName, Migration } from '../../src/model/migration.js'
import {
  candidatesFrom,
  type FoundTable,
  type FoundTables,
  detectHistory,
  type Detected,
} from '../../src/tools/detect-history.js'
import { goose } from '../../src/tools/goose/history.js'
import { golangMigrate } from '../../src/tools/pairs/golang-migrate-history.js'
import { parseTableName } from '../../src/tools/table-name.js'
import { migration } from '../support/migrations.js'

const SHAPES: Readonly<Record<string, string>> = {
  goose: 'id integer, version_id bigint, is_applied boolean, tstamp timestamp without time zone',
  'golang-migrate': 'version bigint, dirty boolean',
  'sql-migrate': 'id text, applied_at timestamp with time zone',
  'golang-migrate and more': 'version bigint, dirty boolean, note text',
  'sql-migrate and more': 'id text, applied_at timestamp with time zone, note text',
  dbmate: 'version character varying',
  'dbmate and more': 'version character varying, note text',
  tern: 'version integer',
  diesel: 'version character varying, run_on timestamp without time zone',
  sqlx: 'version bigint, description text, installed_on timestamp with time zone, success boolean, checksum bytea, execution_time bigint',
  'node-pg-migrate': 'id integer, name character varying, run_on timestamp without time zone',
  rails: 'key character varying, value character varying',
  other: 'id integer',
}

/** `schema.name: shape`, with a `-` in front for a table to which no unqualified name leads. */
const table = (text: string): FoundTable => {
  const [, hidden, schema = '', name = '', shape = ''] = /^(-?)([^.]+)\.([^:]+): (.*)$/.exec(text) ?? []
  const columns = (SHAPES[shape] ?? '').split(', ').map((column) => {
    const at = column.indexOf(' ')
    return { name: column.slice(0, at), type: column.slice(at + 1) }
  })
  return { schema, name, columns, visible: hidden === '' }
}

const found = (tables: readonly string[], current: string | undefined): FoundTables => ({
  current,
  tables: tables.map(table),
})

const numbered = ['00001', '00002'].map((version) => migration({ version, name: 'x', up: '', down: undefined }))

const detect = (options: {
  tables?: readonly string[]
  layout?: LayoutName
  kind?: DatabaseConfig['history']['kind']
  table?: string
  current?: string | undefined
  migrations?: readonly Migration[]
  stream?: 'schema' | 'seed'
}): Detected =>
  detectHistory({
    found: found(options.tables ?? [], 'current' in options ? options.current : 'public'),
    layout: options.layout ?? 'pairs',
    config: { history: { kind: options.kind, table: options.table } },
    migrations: options.migrations ?? numbered,
    stream: options.stream ?? 'schema',
  })

/** `kind schema.name`, a plus for one that is there; a conflict in its own words. */
const shown = (detected: Detected): string =>
  detected.kind === 'conflict'
    ? detected.what
    : `${detected.history.kind} ${detected.table.schema}.${detected.table.name}${detected.exists ? ' +' : ''}`

describe('a database without a history', () => {
  test.each([
    ['pairs', 'golang-migrate public.schema_migrations'],
    ['goose', 'goose public.goose_db_version'],
    ['sql-migrate', 'sql-migrate public.gorp_migrations'],
    ['dbmate', 'dbmate public.schema_migrations'],
    ['directories', 'diesel public.__diesel_schema_migrations'],
  ] as const)('%s gets that of its tool', (layout, expected) => {
    expect(shown(detect({ layout }))).toBe(expected)
  })

  test('pairs with versions that golang-migrate has no place for get ours', () => {
    const versions = (...all: readonly string[]): readonly Migration[] =>
      all.map((version) => migration({ version, name: 'x', up: '', down: undefined }))
    for (const migrations of [
      versions('1.2'),
      versions('2026-01-31'),
      versions('99999999999999999999'),
      versions('1', '01'),
    ]) {
      expect(shown(detect({ migrations }))).toBe('ours migration_gate.applied')
    }
  })

  test('the config chooses the tool, the table and the schema', () => {
    expect(shown(detect({ kind: 'sqlx' }))).toBe('sqlx public._sqlx_migrations')
    expect(shown(detect({ kind: 'node-pg-migrate', current: 'app' }))).toBe('node-pg-migrate public.pgmigrations')
    expect(shown(detect({ table: 'done' }))).toBe('golang-migrate public.done')
    expect(shown(detect({ table: 'ops.Done' }))).toBe('golang-migrate ops.Done')
    expect(shown(detect({ layout: 'goose', table: 'ops.Done' }))).toBe('goose ops.done')
  })

  test('the schema is the first of the search_path that is there', () => {
    expect(shown(detect({ current: 'app' }))).toBe('golang-migrate app.schema_migrations')
    expect(shown(detect({ current: undefined }))).toMatch(/no schema of the search_path exists/)
    expect(shown(detect({ current: undefined, layout: 'dbmate' }))).toBe('dbmate public.schema_migrations')
  })
})

describe('a database with one history', () => {
  test.each([
    ['pairs', 'public.schema_migrations: golang-migrate', 'golang-migrate public.schema_migrations +'],
    ['pairs', 'public._sqlx_migrations: sqlx', 'sqlx public._sqlx_migrations +'],
    ['pairs', 'public.pgmigrations: node-pg-migrate', 'node-pg-migrate public.pgmigrations +'],
    ['pairs', 'migration_gate.applied: sql-migrate', 'ours migration_gate.applied +'],
    ['goose', 'public.goose_db_version: goose', 'goose public.goose_db_version +'],
    ['sql-migrate', 'public.gorp_migrations: sql-migrate', 'sql-migrate public.gorp_migrations +'],
    ['dbmate', 'public.schema_migrations: dbmate', 'dbmate public.schema_migrations +'],
    ['directories', 'public.__diesel_schema_migrations: diesel', 'diesel public.__diesel_schema_migrations +'],
  ] as const)('%s and %s', (layout, tables, expected) => {
    expect(shown(detect({ layout, tables: [tables] }))).toBe(expected)
  })

  test('goose finds its table further down the search_path, golang-migrate does not', () => {
    const tables = ['public.goose_db_version: goose', 'public.schema_migrations: golang-migrate']
    expect(shown(detect({ layout: 'goose', current: 'app', kind: 'goose', tables }))).toBe(
      'goose public.goose_db_version +',
    )
    expect(shown(detect({ current: 'app', kind: 'golang-migrate', tables }))).toMatch(/does not look/)
  })

  test('a table that the config names is known by its columns', () => {
    expect(shown(detect({ table: 'done', tables: ['public.done: sqlx'] }))).toBe('sqlx public.done +')
    expect(shown(detect({ table: 'done', tables: ['public.done: other'] }))).toMatch(/public.done has other columns/)
    expect(shown(detect({ table: 'done', kind: 'goose', tables: ['public.done: sqlx'] }))).toMatch(/other columns/)
  })
})

test('quotes a name as the config must have it', () => {
  const away = { ...table('-ops.schema_migrations: golang-migrate'), schema: 'My App' }
  const detected = detectHistory({
    found: { current: 'public', tables: [away] },
    layout: 'pairs',
    migrations: numbered,
    stream: 'schema',
    config: { history: { kind: undefined, table: undefined } },
  })
  expect(detected).toMatchObject({ fix: expect.stringContaining(`history.table: '"My App".schema_migrations'`) })
  expect(parseTableName('"My App".schema_migrations', golangMigrate)).toEqual({
    schema: 'My App',
    name: 'schema_migrations',
  })
})

describe('columns that were added since', () => {
  test('are taken where the tool takes them, under its own name and under that of the config', () => {
    const more = 'public.schema_migrations: golang-migrate and more'
    expect(shown(detect({ tables: [more] }))).toBe('golang-migrate public.schema_migrations +')
    expect(shown(detect({ tables: ['public.done: golang-migrate and more'], table: 'done' }))).toBe(
      'golang-migrate public.done +',
    )
    expect(shown(detect({ layout: 'dbmate', tables: ['public.schema_migrations: dbmate and more'] }))).toBe(
      'dbmate public.schema_migrations +',
    )
    expect(shown(detect({ layout: 'goose', kind: 'golang-migrate', tables: [more] }))).toBe(
      'golang-migrate public.schema_migrations +',
    )
  })

  test('under other names, or for files of another tool, they make it another tool’s table', () => {
    expect(shown(detect({ tables: ['public.done: golang-migrate and more'] }))).toBe(
      'golang-migrate public.schema_migrations',
    )
    expect(shown(detect({ tables: ['public.schema_migrations: dbmate and more'] }))).toMatch(/other columns/)
  })

  test('sql-migrate stops at them, and so do we', () => {
    const stopped = detect({ layout: 'sql-migrate', tables: ['public.gorp_migrations: sql-migrate and more'] })
    expect(stopped).toMatchObject({
      what: expect.stringMatching(/columns that sql-migrate did not make \(note\)/),
      fix: expect.stringMatching(/DROP COLUMN "note"/),
    })
  })
})

describe('conflicts are reported, with a fix', () => {
  test.each([
    [
      'two histories',
      { tables: ['public.schema_migrations: golang-migrate', 'public._sqlx_migrations: sqlx'] },
      'the database has two histories: public.schema_migrations of golang-migrate and public._sqlx_migrations of sqlx',
      'history.kind: golang-migrate, or sqlx',
    ],
    [
      'one of another layout',
      { layout: 'goose', tables: ['public.schema_migrations: golang-migrate'] },
      'the files have the layout goose, but the database has the history of golang-migrate: public.schema_migrations',
      'history.kind',
    ],
    [
      'in a schema where the tool does not look',
      { tables: ['-ops.schema_migrations: golang-migrate'] },
      'the database has a history of golang-migrate where that tool does not look for it: ops.schema_migrations',
      'history.table: ops.schema_migrations. If not, name the table to create, such as history.table: public.schema_migrations',
    ],
    [
      'under another name',
      { tables: ['public.core_migrations: golang-migrate'] },
      'the database has a history of golang-migrate where that tool does not look for it: public.core_migrations',
      'history.table: public.core_migrations',
    ],
    [
      'the name is taken',
      { tables: ['public.schema_migrations: tern'] },
      'public.schema_migrations has other columns than the history of golang-migrate (version, dirty), so it belongs to something else',
      'history.table',
    ],
    [
      'it is that of Rails',
      { layout: 'dbmate', tables: ['public.schema_migrations: dbmate', 'public.ar_internal_metadata: rails'] },
      'public.schema_migrations belongs to Rails (ar_internal_metadata is beside it), not to dbmate',
      'history.table',
    ],
  ] as const)('%s', (_what, options, what, fix) => {
    const detected = detect(options)
    expect(shown(detected)).toBe(what)
    expect(detected.kind === 'conflict' && detected.fix).toContain(fix)
  })

  test('none where the config has decided; what was passed over is listed', () => {
    const tables = ['public.schema_migrations: golang-migrate', 'public._sqlx_migrations: sqlx']
    expect(detect({ kind: 'sqlx', tables })).toMatchObject({
      history: { kind: 'sqlx' },
      exists: true,
      others: [{ schema: 'public', name: 'schema_migrations' }],
    })
    const rails = ['public.schema_migrations: dbmate', 'public.ar_internal_metadata: rails']
    expect(shown(detect({ layout: 'dbmate', kind: 'dbmate', tables: rails }))).toBe('dbmate public.schema_migrations +')
  })
})

test('seeds have a table beside that of the migrations', () => {
  const tables = ['public.schema_migrations: golang-migrate']
  const seeds = 'public.schema_migrations_seeds'
  expect(shown(detect({ stream: 'seed', tables }))).toBe(`golang-migrate ${seeds}`)
  expect(shown(detect({ stream: 'seed', tables: [...tables, `${seeds}: golang-migrate`] }))).toBe(
    `golang-migrate ${seeds} +`,
  )
  expect(shown(detect({ stream: 'seed', tables: [...tables, `${seeds}: other`] }))).toMatch(/other columns/)
  expect(shown(detect({ tables: [...tables, `${seeds}: golang-migrate`] }))).toBe(
    `golang-migrate public.schema_migrations +`,
  )
})

test.each([
  ['name', { schema: undefined, name: 'name' }],
  ['ops.name', { schema: 'ops', name: 'name' }],
  ['"ops"."My.Table"', { schema: 'ops', name: 'My.Table' }],
  ['ops."a""b"', { schema: 'ops', name: 'a"b' }],
])('the name %s', (text, expected) => {
  expect(parseTableName(text, golangMigrate)).toEqual(expected)
})

test.each(['', 'a.b.c', 'a.', '.a', 'a b', '"a', 'a"b"', '"a"b'])('no name: %j', (text) => {
  expect(() => parseTableName(text, goose)).toThrow(/not a table name/)
})

test('rows of the query become tables', () => {
  const rows = [
    ['public', null, null, null, null],
    ['public', 'a', 'version', 'bigint', 'true'],
    ['public', 'a', 'dirty', 'boolean', 'true'],
    ['ops', 'a', 'version', 'bigint', 'false'],
  ]
  expect(candidatesFrom(rows)).toMatchObject({
    current: 'public',
    tables: [{ schema: 'public', columns: [{ name: 'version' }, { name: 'dirty' }], visible: true }, { schema: 'ops' }],
  })
  expect(candidatesFrom([[null, null, null, null, null]])).toEqual({ current: undefined, tables: [] })
})
