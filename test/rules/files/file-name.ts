// The rule `file-name`.
import { describe, expect, test } from '@jest/globals'
import { findings, of, pair, type Input } from '../input.js'

describe('file-name', () => {
  const names = (ids: readonly string[], options: Input = {}): readonly string[] =>
    of('file-name', Object.assign({}, ...ids.map(pair)) as Record<string, string>, options).map(
      (text) => /it should be (.*)/.exec(text)?.[1] ?? text,
    )

  test.each([
    ['the default', ['00001_a', '00002_b', '00003_c_d'], []],
    ['a dash and no padding', ['00001_a', '2-b-c', '00003_d'], ['00002_b_c.up.sql']],
    ['capital letters', ['00001_a', '00002_addPhone', '00003_d'], ['00002_add_phone.up.sql']],
    ['six digits', ['000001_a', '000002_b', '000003_c'], []],
    ['six digits, one of five', ['000001_a', '00002_b', '000003_c'], ['000002_b.up.sql']],
    ['time stamps', ['20240101120000_a', '20240102120000_b', '20240103120000_c'], []],
    [
      'a number among time stamps gets no version that nothing in the folder states',
      ['20240101120000_a', '7_b', '20240103120000_c'],
      ['a name with a version written like 20240103120000'],
    ],
    [
      'a day among time stamps is another number than its midnight',
      ['20240101120000_a', '20240102_b', '20240103120000_c'],
      ['a name with a version written like 20240103120000'],
    ],
    [
      'a time stamp among numbers does not become one',
      ['00001_a', '00002_b', '20240101120000_c'],
      ['a name with a version written like 00002'],
    ],
    ['unpadded numbers', ['1_a', '2_b', '10_c'], []],
    [
      'from numbers to time stamps',
      ['00001_a', '00002_b', '00003_c', '20240101120000_d', '20240102120000_e', '20240103120000_f'],
      [],
    ],
    ['prefixes and dots', ['V0001.InitialSchema', 'V0002.WebAuthn', 'V0003.TwoFactor'], []],
    ['kebab', ['0001_a-b', '0002_c-d', '0003_e-f'], []],
    ['a new folder with the usual form of a tool', ['000001_init'], []],
    ['a new folder with an odd name', ['1-Init'], ['1_init.up.sql']],
    ['a new folder of two', ['00001_a', '2_b'], ['00002_b.up.sql']],
  ])('%s', (_name, ids, right) => {
    expect(names(ids)).toEqual(right)
  })

  const file = (...files: readonly string[]): Record<string, string> =>
    Object.fromEntries(files.map((name) => [name, 'SELECT 1;\n']))
  const marked = (up: string, down: string, ...files: readonly string[]): Record<string, string> =>
    Object.fromEntries(files.map((name) => [name, `${up}\nSELECT 1;\n${down}\nSELECT 1;\n`]))

  test.each<readonly [string, Record<string, string>]>([
    ['golang-migrate', pair('1_t')],
    ['golang-migrate', { ...pair('1_t'), ...pair('2_t') }],
    ['golang-migrate', { ...pair('9_t'), ...pair('10_t') }],
    ['golang-migrate', pair('01_t')],
    ['golang-migrate', { ...pair('0000001_t'), ...pair('0000002_t') }],
    ['golang-migrate', pair('1481574547_create_users_table')],
    ['node-pg-migrate', pair('1700000000000_my-migration')],
    ['TypeORM', pair('1700000000000-CreateUsers')],
    ['Sequelize', pair('20240101120000-create-users')],
    ['db-migrate', file('20240101120000-add-x-up.sql', '20240101120000-add-x-down.sql')],
    ['bun', file('20240101120000_x.tx.up.sql', '20240101120000_x.tx.down.sql')],
    ['Flyway', file('V1__Create_person_table.sql', 'V2__Add_people.sql')],
    ['postgrator', file('001.do.create-users.sql', '001.undo.create-users.sql')],
    ['sqlx', file('1_x.sql', '2_y.sql')],
    ['directions in front', file('up_1_x.sql', 'down_1_x.sql')],
    ['goose', marked('-- +goose Up', '-- +goose Down', '1_Init.sql')],
    ['dbmate', marked('-- migrate:up', '-- migrate:down', '1-init.sql')],
    ['sql-migrate', marked('-- +migrate Up', '-- +migrate Down', '1-init.sql')],
    ['diesel', file('1_x/up.sql', '1_x/down.sql')],
    ['Hasura', file('1700000000000_x/up.sql', '1700000000000_x/down.sql')],
  ])('names of %s in a folder of one or two', (_, files) => {
    expect(findings(files).filter(({ rule }) => rule.startsWith('file-name'))).toEqual([])
  })

  test('folders with dates', () => {
    const ids = ['2024-01-01-120000_a', '2024-01-02-120000_b', '2024-01-03-120000_c', '20240104120000_d']
    const files = Object.fromEntries(
      ids.flatMap((id) => [
        [`${id}/up.sql`, 'CREATE TABLE t ();'],
        [`${id}/down.sql`, 'DROP TABLE t;'],
      ]),
    )
    const initial = { '00000000000000_diesel_initial_setup/up.sql': 'CREATE TABLE t ();' }
    expect(of('file-name', { ...files, ...initial })).toEqual([])
  })

  test('other words than up and down are a convention of their own', () => {
    const files = ['0001.do.a.sql', '0001.undo.a.sql', '0002.do.b.sql', '0002.undo.b.sql']
    expect(of('file-name', Object.fromEntries(files.map((name) => [name, 'SELECT 1'])))).toEqual([])
  })

  test('flags and dialects do not break the convention', () => {
    const files = { ...pair('00001_a'), ...pair('00002_b'), ...pair('00003_c'), '00004_d.notx.up.sql': 'SELECT 2' }
    expect(of('file-name', files)).toEqual([])
  })

  test('the config overrides', () => {
    expect(names(['00001_a', 'V0002_b'], { naming: '^V\\d{4}_[a-z]+\\.(up|down)\\.sql$' })).toEqual([
      expect.any(String),
    ])
    expect(names(['00001_a'], { naming: '^\\d{5}_[a-z]+\\.(up|down)\\.sql$' })).toEqual([])
  })

  test('says how to rename, and when not to', () => {
    const files = { ...pair('00001_a'), ...pair('2_b c'), ...pair('00003_d') }
    const [found] = findings(files).filter(({ rule }) => rule === 'file-name')
    expect(found?.fix.split('\n')).toEqual([
      "git mv 'migrations/core_db/2_b c.up.sql' migrations/core_db/00002_b_c.up.sql",
      "git mv 'migrations/core_db/2_b c.down.sql' migrations/core_db/00002_b_c.down.sql",
    ])
    const up = '-- +migrate Up\nSELECT 2;\n-- +migrate Down\nSELECT 3;\n'
    const [own] = findings({ '00001_a.sql': up, '00002_b.sql': up, '3-c.sql': up }).filter(
      (f) => f.rule === 'file-name',
    )
    expect(own?.fix).toContain('Only while no database has applied it')
    const prisma = (...ids: readonly string[]): string | undefined =>
      findings(Object.fromEntries(ids.map((id) => [`${id}/migration.sql`, 'SELECT 1;']))).find(
        (f) => f.rule === 'file-name',
      )?.fix
    expect(prisma('00001_a', '00002_b', '00003_c', '4_d')).toBe(
      'git mv migrations/core_db/4_d migrations/core_db/00004_d\nOnly while no database has applied it: Prisma knows a migration by the name of its folder.',
    )
    expect(prisma('20240101000000_a', '20240102_b', '20240103000000_c')).toBe(
      'git mv migrations/core_db/20240102_b migrations/core_db/20240103000001_b\nOnly while no database has applied it: the new name is another version, at another place in the order.',
    )
  })

  test('a name without a title that its tool runs is right', () => {
    expect(names(['00001_a', '00002_b', '00003_'])).toEqual([])
    expect(names(['00001_'])).toEqual([])
  })

  test.each([
    ['00009_a.up.sql', '00010_users'],
    ['20240103120059_a.up.sql', '20240103120100_users'],
  ])('beside %s, a name without a version gets a free one in both directions', (other, id) => {
    const found = findings({ 'users.up.sql': 'SELECT 1;', 'users.down.sql': 'SELECT 2;', [other]: 'SELECT 3;' })
    expect(found.filter(({ rule }) => rule === 'file-name').map(({ fix }) => fix.split('\n').slice(1, 3))).toEqual([
      [
        `git mv migrations/core_db/users.up.sql migrations/core_db/${id}.up.sql`,
        `git mv migrations/core_db/users.down.sql migrations/core_db/${id}.down.sql`,
      ],
    ])
  })

  test('a file that its tool leaves out keeps its version, and where that is late, another one is free', () => {
    const up = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n'
    const files = { '00001_a.sql': up, '00002_b.pgsql': up, '00003_c.sql': up, '00004_d.pgsql': up }
    const found = findings(files).filter(({ rule }) => rule === 'file-name')
    expect(found.map(({ fix }) => fix)).toEqual([
      'git mv migrations/core_db/00002_b.pgsql migrations/core_db/00002_b.sql\nOnly while no database has applied a later version; else name it 00005_b.sql, which is free.',
      'git mv migrations/core_db/00004_d.pgsql migrations/core_db/00004_d.sql',
    ])
  })

  test('a proposed name keeps the flags of its file', () => {
    const fixes = (files: Readonly<Record<string, string>>): readonly string[] =>
      findings(files).flatMap(({ rule, fix }) =>
        rule === 'file-name' ? fix.split('\n').map((line) => line.split(' ').at(-1) ?? '') : [],
      )
    const tx = (id: string): Readonly<Record<string, string>> => ({
      [`${id}.tx.up.sql`]: 'SELECT 1;',
      [`${id}.tx.down.sql`]: 'SELECT 2;',
    })
    expect(fixes({ ...tx('00001_a'), ...tx('00002_b'), ...tx('3_c') })).toEqual([
      'migrations/core_db/00003_c.tx.up.sql',
      'migrations/core_db/00003_c.tx.down.sql',
    ])
    const mixed = {
      ...pair('00001_a'),
      ...pair('00002_b'),
      '3_c.autocommit.up.sql': 'SELECT 1;',
      '3_c.down.sql': 'SELECT 2;',
    }
    expect(fixes(mixed)).toEqual([
      'migrations/core_db/00003_c.autocommit.up.sql',
      'migrations/core_db/00003_c.down.sql',
    ])
  })

  test('up and down of other titles, one of which begins with the other, are only unpaired', () => {
    const files = {
      '20240101000001_a.tx.up.sql': 'SELECT 1;',
      '20240101000001_a.tx.down.sql': 'DROP TABLE a;',
      '20240101000002_add_b.tx.up.sql': 'SELECT 1;',
      '20240101000002_add_b_and_c.tx.down.sql': 'DROP TABLE b;',
    }
    expect(findings(files).map(({ rule }) => rule)).toEqual(['unpaired'])
    const short = {
      ...pair('20240101000001_a'),
      '20240101000002_add_b_and_c.up.sql': 'SELECT 1;',
      '20240101000002_add_b.down.sql': 'DROP TABLE b;',
    }
    expect(findings(short).map(({ rule }) => rule)).toEqual(['unpaired'])
  })

  test('sqlx, simple migrations beside pairs: no convention is broken', () => {
    const files = { ...pair('20240101000000_a'), ...pair('20240102000000_b'), '20240103000000_c.sql': 'SELECT 1;' }
    expect(of('file-name', files)).toEqual([])
    expect(of('unpaired', files)).toHaveLength(1)
    const declared = {
      ...files,
      '20240103000000_c.sql': '-- migration-gate: irreversible because rows are merged\nSELECT 1;',
    }
    expect(of('unpaired', declared)).toEqual([])
    expect(of('never-runs', declared)).toEqual([expect.stringContaining('golang-migrate never runs it')])
  })
})
