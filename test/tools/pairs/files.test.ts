import { describe, expect, test } from '@jest/globals'
import { pairs } from '../../../src/tools/pairs/tool.js'
import { FOLDER, named, options, readFiles, sources } from '../sources.js'

/** `version name`, then u and d for what is there; `code` for code. */
const summary = (files: Readonly<Record<string, string>>): readonly string[] =>
  readFiles(pairs, files).migrations.map(
    ({ id, version, name, up, down, code }) =>
      `${id} = ${version} ${name} ${code === undefined ? `${up ? 'u' : ''}${down ? 'd' : ''}` : 'code'}`,
  )

describe('spellings', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['golang-migrate', ['000001_users.up.sql', '000001_users.down.sql'], ['000001_users = 000001 users ud']],
    ['unpadded', ['2_b.up.sql', '10_c.up.sql', '1_a.up.sql'], ['1_a = 1 a u', '2_b = 2 b u', '10_c = 10 c u']],
    ['version zero', ['0_a.up.sql', '0_a.down.sql'], ['0_a = 0 a ud']],
    ['no name', ['1_.up.sql', '2_.up.sql', '2_.down.sql'], ['1_ = 1  u', '2_ = 2  ud']],
    [
      'timestamps',
      ['20240101000000_a.up.sql', '20240101000000_a.down.sql'],
      ['20240101000000_a = 20240101000000 a ud'],
    ],
    [
      '20 digits',
      ['20150100000001000001_b.up.sql', '20150100000001000000_a.up.sql'],
      ['20150100000001000000_a = 20150100000001000000 a u', '20150100000001000001_b = 20150100000001000001 b u'],
    ],
    ['the last direction counts', ['1_a.up.down.sql'], ['1_a.up = 1 a.up d']],
    ['words of a name', ['1_add_sign_up.up.sql', '1_add_sign_up.down.sql'], ['1_add_sign_up = 1 add_sign_up ud']],
    [
      'authelia',
      ['V0001.Initial_Schema.up.sql', 'V0001.Initial_Schema.down.sql'],
      ['V0001.Initial_Schema = 0001 Initial_Schema ud'],
    ],
    ['a dialect as a name', ['V0005.MySQL.up.sql', 'V0005.MySQL.down.sql'], ['V0005.MySQL = 0005 MySQL ud']],
    ['postgrator', ['001.do.users.sql', '001.undo.users.sql'], ['001.users = 001 users ud']],
    ['postgrator without names', ['1.do.sql', '1.undo.sql', '2.do.sql'], ['1 = 1  ud', '2 = 2  u']],
    ['postgrator with a name that is a word', ['1.do.deploy.sql', '1.undo.deploy.sql'], ['1.deploy = 1 deploy ud']],
    ['up and down behind the version', ['1.up.users.sql', '1.down.users.sql'], ['1.users = 1 users ud']],
    ['dashes', ['001-users.up.sql', '001-users.down.sql'], ['001-users = 001 users ud']],
    [
      'suffix with underscore',
      ['001_users_up.sql', '001_users_down.sql', '002_sign_up.sql'],
      ['001_users = 001 users ud', '002_sign = 002 sign u'],
    ],
    ['suffix with dash', ['20200101-users-up.sql', '20200101-users-down.sql'], ['20200101-users = 20200101 users ud']],
    ['prefix', ['001_up_users.sql', '001_down_users.sql'], ['001_users = 001 users ud']],
    ['word first', ['up_001_users.sql', 'down_001_users.sql'], ['001_users = 001 users ud']],
    ['flyway', ['V1__users.sql', 'U1__users.sql', 'V2__b.sql'], ['1__users = 1 users ud', '2__b = 2 b u']],
    ['flyway with dots', ['V1.10__b.sql', 'V1.2__a.sql'], ['V1.2__a = 1.2 a u', 'V1.10__b = 1.10 b u']],
    ['deploy and revert', ['1_a.deploy.sql', '1_a.revert.sql'], ['1_a = 1 a ud']],
    ['forward and backward', ['1_a.forward.sql', '1_a.backward.sql'], ['1_a = 1 a ud']],
    ['apply and rollback', ['1_a_apply.sql', '1_a_rollback.sql'], ['1_a = 1 a ud']],
    ['the up states nothing', ['1_a.sql', '1_a.down.sql', '2_b.sql'], ['1_a = 1 a ud', '2_b = 2 b u']],
    ['yoyo', ['0001.users.sql', '0001.users.rollback.sql'], ['0001.users = 0001 users ud']],
    [
      'dashed dates',
      ['2020-01-02-101112_a.up.sql', '2020-01-02-101112_a.down.sql'],
      ['2020-01-02-101112_a = 2020-01-02-101112 a ud'],
    ],
    [
      'date and time',
      ['20200102T101112_a.up.sql', '20200102T091112_b.up.sql'],
      ['20200102T091112_b = 20200102T091112 b u', '20200102T101112_a = 20200102T101112 a u'],
    ],
    [
      'sqlx without downs',
      ['20200101_shut_down.sql', '20200102_sign_up.sql'],
      ['20200101_shut_down = 20200101 shut_down u', '20200102_sign_up = 20200102 sign_up u'],
    ],
    ['bun', ['20200101_a.tx.up.sql', '20200101_a.tx.down.sql'], ['20200101_a = 20200101 a ud']],
    ['pop', ['1_a.postgres.autocommit.up.sql', '1_a.postgres.autocommit.down.sql'], ['1_a = 1 a ud']],
    [
      'code beside SQL',
      ['1_a.up.sql', '2_b.go', '3.do.c.js', '1_a.ts', '4_d_test.go', '5_e.d.ts'],
      ['1_a = 1 a u', '2_b = 2 b code', '3.c = 3 c code'],
    ],
    [
      'code for one direction',
      ['1_a.up.go', '1_a.down.sql', '2_b.up.sql', '2_b.down.go', '3_c.up.go', '3_c.down.go'],
      ['1_a = 1 a code', '2_b = 2 b code', '3_c = 3 c code'],
    ],
  ])('%s', (_, names, expected) => {
    expect(summary(named(...names))).toEqual(expected)
    expect(readFiles(pairs, named(...names)).problems).toEqual([])
  })
})

describe('a file that states no direction', () => {
  test('is an up without a down beside pairs, as in sqlx, and golang-migrate passes over it', () => {
    const { migrations, problems, leftOut } = readFiles(pairs, named('1_a.up.sql', '1_a.down.sql', '2_b.sql'))
    expect(migrations.map(({ id, up, down }) => [id, up !== undefined, down !== undefined])).toEqual([
      ['1_a', true, true],
      ['2_b', true, false],
    ])
    expect(problems).toMatchObject([
      {
        rule: 'unpaired',
        place: { file: `${FOLDER}/2_b.sql` },
        message:
          '2_b.sql states neither up nor down: sqlx runs it as an up without a down, golang-migrate never runs it',
        fix: expect.stringContaining(`git mv ${FOLDER}/2_b.sql ${FOLDER}/2_b.up.sql`),
      },
    ])
    expect(leftOut).toEqual([])
  })
  test.each([
    ['an up has its version', ['1_a.up.sql', '1_a.down.sql', '1_b.sql']],
    ['sqlx refuses the folder', ['1_a.up.sql', '1_a.down.sql', '2_b.sql', 'x_y.sql']],
    ['its number ends in another sign', ['1_a.up.sql', '1_a.down.sql', '2-b.sql']],
    ['flags are those of another tool', ['1_a.tx.up.sql', '1_a.tx.down.sql', '2_b.sql']],
  ])('is left out where %s', (_, names) => {
    const { migrations, leftOut } = readFiles(pairs, named(...names))
    expect(migrations.map(({ id }) => id)).toEqual(['1_a'])
    expect(leftOut[0]).toMatchObject({
      effect: 'passes over',
      message: expect.stringMatching(/states neither up nor down$/),
    })
  })
  test('is no up where it states one in capital letters, and least of all where it states down', () => {
    const { migrations, leftOut } = readFiles(pairs, named('1_a.up.sql', '1_a.down.sql', '2_b.UP.sql', '2_b.DOWN.sql'))
    expect(migrations.map(({ id }) => id)).toEqual(['1_a'])
    expect(leftOut).toMatchObject([
      {
        file: `${FOLDER}/2_b.UP.sql`,
        half: `${FOLDER}/2_b.DOWN.sql`,
        message: '2_b.UP.sql writes "UP" in capital letters',
        renaming: { kept: { name: '2_b.up.sql' } },
      },
    ])
  })
  test('is what the configured tool makes of it', () => {
    const of = (kind: string): readonly string[] =>
      readFiles(pairs, named('1_a.up.sql', '1_a.down.sql', '2_b.sql'), {
        config: { ...options().config, history: { kind, table: undefined } },
      }).migrations.map(({ id }) => id)
    expect(of('sqlx')).toEqual(['1_a', '2_b'])
    expect(of('golang-migrate')).toEqual(['1_a'])
  })
  test('is an up where most are like it', () => {
    expect(summary(named('1_a.sql', '2_b.sql', '3_c.up.sql', '3_c.down.sql'))).toEqual([
      '1_a = 1 a u',
      '2_b = 2 b u',
      '3_c = 3 c ud',
    ])
  })
  test('is reported when it is in capital letters', () => {
    const { problems } = readFiles(pairs, named('1_a.up.sql', '1_a.DOWN.sql'))
    expect(problems).toMatchObject([
      { rule: 'file-name', migration: '1_a', renaming: { kept: { name: '1_a.down.sql', version: '1' } } },
    ])
  })
  test('is left out by name when it carries the markers of another tool', () => {
    const { ignored, problems } = readFiles(pairs, {
      ...named('1_a.up.sql'),
      '2_b.sql': '-- +goose Up\n',
      '3_c.sql': '-- Up Migration\n-- Down Migration\n',
    })
    expect(ignored).toHaveLength(2)
    expect(problems.map(({ rule, message }) => [rule, message])).toEqual([
      ['file-name', '2_b.sql has the markers of goose, which keeps both directions in one file'],
      ['file-name', '3_c.sql has the markers of node-pg-migrate, which keeps both directions in one file'],
    ])
  })
})

test('a direction without a version is a problem, other SQL is passed over', () => {
  const { migrations, problems, ignored } = readFiles(
    pairs,
    named('users.up.sql', 'schema.sql', 'utf8_table.sql', 's3.sql', '1_a.up.sql'),
  )
  expect(migrations.map(({ id }) => id)).toEqual(['1_a'])
  expect(problems.map(({ rule, message }) => [rule, message])).toEqual([
    ['file-name', 'users.up.sql has no version in front'],
    ['never-runs', 'the tool passes over utf8_table.sql, so it never runs'],
    ['never-runs', 'the tool passes over s3.sql, so it never runs'],
  ])
  expect(ignored).toHaveLength(4)
})

describe('dialects', () => {
  test('a file for PostgreSQL goes before the one for all, others are passed over', () => {
    const { migrations, ignored } = readFiles(
      pairs,
      named(
        '1_a.up.sql',
        '1_a.postgres.up.sql',
        '1_a.down.sql',
        '1_a.mysql.up.sql',
        '2_b.all.up.sql',
        '3_c.sqlite3.down.sql',
      ),
    )
    expect(migrations.map(({ up, down }) => [up?.file, down?.file])).toEqual([
      [`${FOLDER}/1_a.postgres.up.sql`, `${FOLDER}/1_a.down.sql`],
      [`${FOLDER}/2_b.all.up.sql`, undefined],
    ])
    expect(ignored).toEqual([
      { path: `${FOLDER}/1_a.mysql.up.sql`, reason: 'written for mysql' },
      { path: `${FOLDER}/3_c.sqlite3.down.sql`, reason: 'written for sqlite3' },
      { path: `${FOLDER}/1_a.up.sql`, reason: '1_a.postgres.up.sql is the one for PostgreSQL' },
    ])
  })
  test('many files of one dialect are one entry', () => {
    const { ignored } = readFiles(pairs, named(...Array.from({ length: 40 }, (_, i) => `${String(i)}_a.mysql.up.sql`)))
    expect(ignored).toEqual([{ path: `${FOLDER}/*.mysql.*`, reason: 'written for mysql (40 files)' }])
  })
})

describe('versions', () => {
  test('up and down of other names are one migration, and a problem', () => {
    const { migrations, problems } = readFiles(pairs, named('01_a.up.sql', '1_b.down.sql'))
    expect(migrations).toMatchObject([
      { id: '01_a', up: { file: `${FOLDER}/01_a.up.sql` }, down: { file: `${FOLDER}/1_b.down.sql` } },
    ])
    expect(problems).toMatchObject([{ rule: 'unpaired', migration: '01_a', place: { file: `${FOLDER}/1_b.down.sql` } }])
  })
  test('a down alone is a migration without an up', () => {
    expect(summary(named('1_a.down.sql'))).toEqual(['1_a = 1 a d'])
  })
  test('a version that is taken twice names both, and pairs by name', () => {
    const { migrations, problems } = readFiles(
      pairs,
      named('1_a.up.sql', '1_a.down.sql', '01_b.up.sql', '01_b.down.sql'),
    )
    expect(migrations.map(({ up, down }) => [up?.file, down?.file])).toEqual([
      [`${FOLDER}/01_b.up.sql`, `${FOLDER}/01_b.down.sql`],
      [`${FOLDER}/1_a.up.sql`, `${FOLDER}/1_a.down.sql`],
    ])
    expect(problems).toMatchObject([
      {
        rule: 'duplicate-version',
        migration: '1_a',
        message: `version 1 is taken twice: ${FOLDER}/01_b.up.sql and ${FOLDER}/1_a.up.sql`,
      },
    ])
  })
  test('one up too many for one down', () => {
    const { migrations, problems } = readFiles(pairs, named('1_a.up.sql', '1_b.up.sql', '1_a.down.sql'))
    expect(migrations.map(({ id, down }) => [id, down !== undefined])).toEqual([
      ['1_a', true],
      ['1_b', false],
    ])
    expect(problems.map(({ rule }) => rule)).toEqual(['duplicate-version'])
  })
  test('an ending that golang-migrate reads too', () => {
    const { problems, ignored } = readFiles(pairs, named('1_a.up.sql', '1_a.up.sql.bak', '2_b.up.json'))
    expect(problems).toMatchObject([
      { rule: 'file-name', place: { file: `${FOLDER}/2_b.up.json` } },
      { rule: 'duplicate-version', place: { file: `${FOLDER}/1_a.up.sql.bak` } },
    ])
    expect(ignored).toHaveLength(2)
  })
})

describe('content', () => {
  const script = (text: string, name = '1_a.up.sql'): unknown => readFiles(pairs, { [name]: text }).migrations[0]?.up
  test('the whole file is one message', () => {
    expect(script('A;\nB;\n')).toMatchObject({
      transaction: 'message',
      messages: [{ text: 'A;\nB;\n', lines: [1, 2, 3], column: 1 }],
    })
  })
  test.each([
    ['', 0],
    [' \r\n\t', 0],
    ['-- nothing', 1],
    ['\uFEFF', 1],
  ])('%j is %i messages', (text, count) => {
    expect(script(text)).toMatchObject({ messages: { length: count } })
  })
  test.each([
    ['1_a.up.sql', '-- no-transaction\nA;', 'none'],
    ['1_a.up.sql', '-- morph:nontransactional\nA;', 'none'],
    ['1_a.up.sql', '\n-- no-transaction\nA;', 'message'],
    ['1_a.tx.up.sql', 'A;', 'wrapped'],
    ['1_a.notx.up.sql', 'A;', 'none'],
    ['1_a.no-transaction.up.sql', 'A;', 'none'],
    ['1_a.up.notx.sql', 'A;', 'none'],
    ['1_a.autocommit.up.sql', 'A;', 'none'],
  ])('%s with %j: %s', (name, text, transaction) => {
    expect(script(text, name)).toMatchObject({ transaction })
  })
  test('the config decides where the file says nothing', () => {
    const config = { ...options().config, transaction: 'wrapped' } as const
    const { migrations } = readFiles(pairs, named('1_a.up.sql', '1_a.notx.down.sql'), { config })
    expect(migrations[0]).toMatchObject({ up: { transaction: 'wrapped' }, down: { transaction: 'none' } })
  })
  test('bun cuts a file at its marker', () => {
    expect(script('A;\n--bun:split\n\n--bun:split\r\nB;\n')).toMatchObject({
      messages: [
        { text: 'A;\n', lines: [1, 2], column: 1 },
        { text: 'B;\n', lines: [5, 6], column: 1 },
      ],
    })
  })
  test.each([
    ['1_a.up.sql', 'none'],
    ['1_a.tx.up.sql', 'wrapped'],
  ])('bun runs the parts of %s: %s', (name, transaction) => {
    expect(script('A;\n--bun:split\nB;\n', name)).toMatchObject({ transaction })
  })
  test('an unreadable file has no script, and no other problem', () => {
    const files = sources(named('1_a.up.sql', '1_a.down.sql')).map((file) => ({
      ...file,
      unreadable: 'permission denied',
    }))
    expect(pairs.files.read(files, options())).toMatchObject({
      migrations: [{ up: undefined, down: undefined }],
      problems: [],
    })
  })
})

describe('irreversible', () => {
  const read = (up: string, down?: string, irreversible = {}): ReturnType<typeof readFiles> =>
    readFiles(
      pairs,
      { '00004_a.up.sql': up, ...(down === undefined ? {} : { '00004_a.down.sql': down }) },
      { config: { ...options().config, irreversible } },
    )
  test.each([
    ['-- migration-gate: irreversible because rows are merged', 'rows are merged'],
    ['  --migration-gate: Irreversible because: rows are merged \r', 'rows are merged'],
    ['-- migration-gate: irreversible, rows are merged', 'rows are merged'],
  ])('%j', (line, reason) => {
    const { migrations, problems } = read(`SELECT 1;\n${line}\n`)
    expect(problems).toEqual([])
    expect(migrations[0]?.irreversible).toEqual({
      reason,
      place: { file: `${FOLDER}/00004_a.up.sql`, line: 2, column: line.indexOf('-') + 1 },
    })
  })
  test('in the down', () => {
    expect(read('A;', '-- migration-gate: irreversible because lost').migrations[0]?.irreversible?.place?.file).toBe(
      `${FOLDER}/00004_a.down.sql`,
    )
  })
  test('in the config, by version or number', () => {
    expect(read('A;', undefined, { '4': 'merged' }).migrations[0]?.irreversible).toEqual({
      reason: 'merged',
      place: undefined,
    })
  })
  test('a marker without a reason does not count', () => {
    const { migrations, problems } = read('-- migration-gate: irreversible because\nA;')
    expect(migrations[0]?.irreversible).toBeUndefined()
    expect(problems).toMatchObject([{ rule: 'unparsable', migration: '00004_a', place: { line: 1, column: 1 } }])
  })
  test('other comments are none', () => {
    expect(read('-- see migration-gate: irreversible because x\nA;').migrations[0]?.irreversible).toBeUndefined()
  })
})

describe('beside the versioned migrations of Flyway', () => {
  const FILES = named('V1__a.sql', 'U1__a.sql', 'V1.1__b.sql', 'U1.1__b.sql', 'R__b_views.sql', 'R__a_views.sql')

  test('repeatable ones come last, by their descriptions', () => {
    const { migrations, problems, ignored } = readFiles(pairs, FILES)
    expect(migrations.map(({ id, repeat }) => [id, repeat])).toEqual([
      ['1__a', undefined],
      ['1.1__b', undefined],
      ['R__a_views', 'on change'],
      ['R__b_views', 'on change'],
    ])
    expect(problems).toEqual([])
    expect(ignored).toEqual([])
  })
  test('callbacks and baselines are said not to be proved', () => {
    const { migrations, problems } = readFiles(pairs, { ...FILES, ...named('beforeMigrate.sql', 'B1__base.sql') })
    expect(migrations).toHaveLength(4)
    expect(problems.map(({ rule, message }) => [rule, message.split(',')[0]])).toEqual([
      ['never-runs', 'Flyway runs beforeMigrate.sql as a callback'],
      ['never-runs', 'Flyway runs B1__base.sql on new databases in place of older migrations'],
    ])
  })
  test('elsewhere R__ is no version', () => {
    const { problems } = readFiles(pairs, named('1_a.up.sql', '1_a.down.sql', 'R__views.sql'))
    expect(problems.map(({ rule }) => rule)).toEqual(['never-runs'])
  })
})
