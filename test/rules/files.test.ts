import { describe, expect, test } from '@jest/globals'
import type { Config } from '../../src/model/config.js'
import type { Finding } from '../../src/model/finding.js'
import { runRules } from '../../src/rules/run.js'
import { filesOf, sourceFile, inputOf, type Content, type Options } from './sample.js'

/** An up and a down that nobody objects to. */
const pair = (id: string): Readonly<Record<string, string>> => ({
  [`${id}.up.sql`]: 'CREATE TABLE t (a int);\n',
  [`${id}.down.sql`]: 'DROP TABLE t;\n',
})

type Input = Options & { readonly levels?: Config['checks'] }

const findings = (files: Readonly<Record<string, Content>>, options: Input = {}): readonly Finding[] =>
  runRules({ input: inputOf(filesOf(files), options), levels: options.levels ?? {} })

const brief = (found: readonly Finding[]): readonly string[] =>
  found.map(({ rule, level, place, message }) => {
    const file = place?.file.split('/').at(-1) ?? '-'
    return `${level} ${rule} ${file}:${place?.line ?? 0}:${place?.column ?? 0} ${message}`
  })

const of = (rule: string, files: Readonly<Record<string, Content>>, options: Input = {}): readonly string[] =>
  brief(findings(files, options).filter((finding) => finding.rule === rule))

describe('file-name', () => {
  const names = (ids: readonly string[], options: Input = {}): readonly string[] =>
    of('file-name', Object.assign({}, ...ids.map(pair)) as Record<string, string>, options).map(
      (text) => /it should be (.*)/.exec(text)?.[1] ?? text,
    )

  test.each([
    ['the default', ['00001_a', '00002_b', '00003_c_d'], []],
    ['a dash and no padding', ['00001_a', '2-b-c', '00003_d'], ['00002_b_c.down.sql', '00002_b_c.up.sql']],
    [
      'capital letters',
      ['00001_a', '00002_addPhone', '00003_d'],
      ['00002_add_phone.down.sql', '00002_add_phone.up.sql'],
    ],
    ['six digits', ['000001_a', '000002_b', '000003_c'], []],
    ['six digits, one of five', ['000001_a', '00002_b', '000003_c'], ['000002_b.down.sql', '000002_b.up.sql']],
    ['time stamps', ['20240101120000_a', '20240102120000_b', '20240103120000_c'], []],
    [
      'a number among time stamps',
      ['20240101120000_a', '7_b', '20240103120000_c'],
      ['20240103120001_b.down.sql', '20240103120001_b.up.sql'],
    ],
    [
      'a day among time stamps stays that day',
      ['20240101120000_a', '20240102_b', '20240103120000_c'],
      ['20240102000000_b.down.sql', '20240102000000_b.up.sql'],
    ],
    [
      'a time stamp among numbers gets the next one',
      ['00001_a', '00002_b', '20240101120000_c'],
      ['00003_c.down.sql', '00003_c.up.sql'],
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
    ['a new folder with an odd name', ['1-Init'], ['00001_init.down.sql', '00001_init.up.sql']],
    ['a new folder of two', ['00001_a', '2_b'], ['00002_b.down.sql', '00002_b.up.sql']],
  ])('%s', (_name, ids, right) => {
    expect(names(ids)).toEqual(right)
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
    expect(names(['00001_a', 'V0002_b'], { naming: '^V\\d{4}_[a-z]+\\.(up|down)\\.sql$' })).toEqual(
      ['V00001_a.down.sql', 'V00001_a.up.sql'].map(() => expect.any(String)),
    )
    expect(names(['00001_a'], { naming: '^\\d{5}_[a-z]+\\.(up|down)\\.sql$' })).toEqual([])
  })

  test('words of another style are a note in a folder of another convention', () => {
    const files = { ...pair('000001_a_b'), ...pair('000002_c-d'), ...pair('000003_e_f') }
    expect(brief(findings(files))).toEqual([
      'note file-name-words 000002_c-d.down.sql:1:1 the words of 000002_c-d.down.sql are not written as in the other names (000002_c_d.down.sql)',
      'note file-name-words 000002_c-d.up.sql:1:1 the words of 000002_c-d.up.sql are not written as in the other names (000002_c_d.up.sql)',
    ])
  })

  test('what stands behind the number is a note where the tool does not look at it', () => {
    const migrate = '-- +migrate Up\nCREATE TABLE t ();\n-- +migrate Down\nDROP TABLE t;\n'
    const dbmate = '-- migrate:up\nCREATE TABLE t ();\n-- migrate:down\nDROP TABLE t;\n'
    for (const text of [migrate, dbmate]) {
      const names = ['20240101120000_a.sql', '20240102120000-b.sql', '20240103120000_c.sql']
      expect(brief(findings(Object.fromEntries(names.map((name) => [name, text]))))).toEqual([
        'note file-name-words 20240102120000-b.sql:1:1 the words of 20240102120000-b.sql are not written as in the other names (20240102120000_b.sql)',
      ])
    }
  })

  test('digits in the words are a note, and only in a folder of the default convention', () => {
    const files = { ...pair('00001_add_oauth2'), ...pair('00002_b'), ...pair('00003_c') }
    expect(brief(findings(files))).toEqual([
      'note file-name-words 00001_add_oauth2.down.sql:1:1 digits in the words of 00001_add_oauth2.down.sql',
      'note file-name-words 00001_add_oauth2.up.sql:1:1 digits in the words of 00001_add_oauth2.up.sql',
    ])
    expect(findings({ ...pair('000001_add_oauth2'), ...pair('000002_b'), ...pair('000003_c') })).toEqual([])
  })

  test('says how to rename, and when not to', () => {
    const files = { ...pair('00001_a'), ...pair('2_b c'), ...pair('00003_d') }
    const [found] = findings(files).filter(({ rule }) => rule === 'file-name')
    expect(found?.fix).toBe("git mv 'migrations/core_db/2_b c.down.sql' migrations/core_db/00002_b_c.down.sql")
    const up = '-- +migrate Up\nSELECT 2;\n-- +migrate Down\nSELECT 3;\n'
    const [own] = findings({ '00001_a.sql': up, '00002_b.sql': up, '3-c.sql': up }).filter(
      (f) => f.rule === 'file-name',
    )
    expect(own?.fix).toContain('Only while it is applied nowhere')
    const prisma = ['20240101000000_a', '20240102_b', '20240103000000_c'].map((id) => [
      `${id}/migration.sql`,
      'SELECT 1;',
    ])
    expect(
      findings(Object.fromEntries(prisma) as Record<string, string>).find((f) => f.rule === 'file-name')?.fix,
    ).toBe(
      'git mv migrations/core_db/20240102_b migrations/core_db/20240102000000_b\nOnly while it is applied nowhere: Prisma knows a migration by the name of its folder.',
    )
  })
})

describe('unpaired', () => {
  test('an up without a down', () => {
    expect(of('unpaired', { '00001_a.up.sql': '-- x\nCREATE TABLE a ();' })).toEqual([
      'error unpaired 00001_a.up.sql:2:1 00001_a has no down',
    ])
  })

  test('a folder without a single down is one finding', () => {
    const up = (id: string): readonly [string, string] => [`${id}.up.sql`, 'CREATE TABLE t ();']
    const five = ['00001_a', '00002_b', '00003_c', '00004_d', '00005_e'].map(up)
    expect(of('unpaired', Object.fromEntries(five))).toHaveLength(5)
    expect(of('unpaired', Object.fromEntries([...five, up('00006_f')]))).toEqual([
      'error unpaired 00001_a.up.sql:1:1 none of the 6 migrations has a down',
    ])
  })

  test('a down without an up', () => {
    expect(of('unpaired', { ...pair('00001_a'), '00002_b.down.sql': 'DROP TABLE b;' })).toEqual([
      'error unpaired 00002_b.down.sql:1:1 00002_b has no up',
    ])
  })

  test('same name, other version: one finding for both', () => {
    const found = findings({ '00002_b.up.sql': 'CREATE TABLE b ();', '00003_b.down.sql': 'DROP TABLE b;' })
    expect(brief(found)).toEqual([
      'error unpaired 00003_b.down.sql:1:1 00003_b.down.sql and 00002_b.up.sql do not pair: same name and another version',
    ])
    expect(found[0]?.fix).toBe('git mv migrations/core_db/00003_b.down.sql migrations/core_db/00002_b.down.sql')
  })

  test('same version, other name: one finding', () => {
    const found = findings({ '00002_b.up.sql': 'CREATE TABLE b ();', '00002_c.down.sql': 'DROP TABLE b;' })
    expect(found.map(({ rule }) => rule)).toEqual(['unpaired'])
  })

  test('what is irreversible on purpose is a note instead', () => {
    const found = findings({ '00001_a.up.sql': '-- migration-gate: irreversible because rows are gone\nDROP TABLE a;' })
    expect(brief(found)).toEqual(['note irreversible 00001_a.up.sql:1:1 irreversible: rows are gone'])
  })

  test('a goose file without a Down section', () => {
    const found = findings({ '00001_a.sql': '-- +goose Up\nCREATE TABLE a ();\n' })
    expect(brief(found)).toEqual(['error unpaired 00001_a.sql:2:1 00001_a has no down'])
    expect(found[0]?.fix).toContain('-- +goose Down')
  })

  test('an unreadable half is not missing', () => {
    const files = [
      sourceFile('00001_a.up.sql', 'CREATE TABLE a ();'),
      sourceFile('00001_a.down.sql', '', 'permission denied'),
    ]
    expect(brief(runRules({ input: inputOf(files), levels: {} }))).toEqual([
      'error unreadable 00001_a.down.sql:1:1 cannot be read: permission denied',
    ])
  })
})

describe('down-empty', () => {
  test.each([
    ['', 'the down is empty'],
    ['\n', 'the down is empty'],
    ['-- later\n', 'the down holds only comments'],
    ['SELECT 1;', 'the down holds only statements that change nothing'],
    ['BEGIN;\nCOMMIT;', 'the down is an empty transaction'],
  ])('%j', (down, message) => {
    expect(of('down-empty', { '00001_a.up.sql': 'CREATE TABLE a ();', '00001_a.down.sql': down })).toEqual([
      `error down-empty 00001_a.down.sql:1:1 ${message}`,
    ])
  })

  test('a dbmate section without SQL is empty', () => {
    expect(of('down-empty', { '001_a.sql': '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\n' })).toHaveLength(1)
  })
})

describe('own-transaction', () => {
  test('BEGIN and COMMIT around a wrapped script', () => {
    const file = '-- +goose Up\nBEGIN;\nCREATE TABLE a ();\nCOMMIT;\n-- +goose Down\nDROP TABLE a;\n'
    const [found] = findings({ '00001_a.sql': file })
    expect(brief(found === undefined ? [] : [found])).toEqual([
      'warning own-transaction 00001_a.sql:2:1 up: BEGIN in a script that goose already runs in a transaction',
    ])
    expect(found?.fix).toBe('Delete BEGIN; in line 2 and COMMIT; in line 4.')
  })

  test('is fine where the tool opens no transaction', () => {
    expect(
      of('own-transaction', { ...pair('00001_a'), '00001_a.up.sql': 'BEGIN; CREATE TABLE a (); COMMIT;' }),
    ).toEqual([])
  })

  test('a BEGIN that nobody ends', () => {
    expect(of('own-transaction', { ...pair('00001_a'), '00001_a.up.sql': 'BEGIN;\nCREATE TABLE a ();' })).toEqual([
      'warning own-transaction 00001_a.up.sql:1:1 up: BEGIN without a COMMIT',
    ])
  })
})

describe('outside-transaction', () => {
  const goose = (up: string, head = ''): Readonly<Record<string, string>> => ({
    '00001_a.sql': `${head}-- +goose Up\n${up}\n-- +goose Down\nDROP INDEX i;\n`,
  })

  test('names the marker of the tool', () => {
    const [found] = findings(goose('CREATE INDEX CONCURRENTLY i ON t (a);'))
    expect(found?.fix).toBe('-- +goose NO TRANSACTION')
    expect(findings(goose('CREATE INDEX CONCURRENTLY i ON t (a);', '-- +goose NO TRANSACTION\n'))).toEqual([])
  })

  test('must be alone in its message', () => {
    const up = 'CREATE INDEX CONCURRENTLY i ON t (a);\n'
    expect(of('outside-transaction', { '00001_a.up.sql': up, '00001_a.down.sql': 'DROP INDEX i;' })).toEqual([])
    expect(
      of('outside-transaction', { '00001_a.up.sql': `SET a = 1;\n  ${up}`, '00001_a.down.sql': 'DROP INDEX i;' }),
    ).toEqual([
      'warning outside-transaction 00001_a.up.sql:2:3 CREATE INDEX CONCURRENTLY shares a message with other statements, which makes one transaction of them',
    ])
  })
})

describe('outside-transaction after a COMMIT', () => {
  test('there is no transaction any more, until the next BEGIN', () => {
    const index = 'CREATE INDEX CONCURRENTLY i ON t (a);'
    const up = (text: string): readonly string[] =>
      of('outside-transaction', { '1_a.sql': `-- +migrate Up\n${text}\n-- +migrate Down\nDROP INDEX i;\n` })
    expect(up(`COMMIT;\n${index}\nBEGIN;`)).toEqual([])
    expect(up(`ROLLBACK;\nBEGIN;\n${index}`)).toHaveLength(1)
  })
})

describe('template', () => {
  const one = (up: string): readonly string[] =>
    of('template', { '00001_a.up.sql': up, '00001_a.down.sql': 'DROP TABLE t;' })

  test.each([
    ['CREATE TABLE {{ .Schema }}.t (a int);', '1:14 this file is a template: {{ .Schema }} is no SQL'],
    [
      'SELECT 2;\nCREATE TABLE "{{ index .O "N" }}".t ();',
      '2:15 this file is a template: {{ index .O "N" }} is no SQL',
    ],
    ['{% if postgres %}\nSELECT 2;', '1:1 this file is a template: {% if postgres %} is no SQL'],
    ['CREATE TABLE ${schema}.t ();', '1:14 this file is a template: ${schema} is no SQL'],
    ["SELECT '/* TEMPLATE: schema */t'::regclass;", '1:9 this file is a template: /* TEMPLATE: schema */ is no SQL'],
  ])('%j', (up, text) => {
    expect(one(up)).toEqual([`warning template 00001_a.up.sql:${text}`])
  })

  test.each([
    `INSERT INTO t VALUES ('{{1,2},{3,4}}', '{"a": "{{.x}}"}', $$Hello {{ name }}$$);`,
    'SELECT 2; -- was {{ .Schema }}',
    'SELECT 2; /* the TEMPLATE of a row */',
    'CREATE DATABASE d TEMPLATE template0;',
  ])('is silent on %j', (up) => {
    expect(one(up)).toEqual([])
  })

  test('many files are one finding', () => {
    const files = { '1_a.up.sql': 'DROP TABLE {{ .a }};', '1_a.down.sql': 'DROP TABLE {{ .a }};' }
    expect(of('template', files)).toEqual([
      'warning template 1_a.up.sql:1:12 2 files are templates: {{ .a }} is no SQL',
    ])
  })
})

describe('psql-command', () => {
  test.each([
    ['\\connect other\nSELECT 2;', '1:1 \\connect is a psql command'],
    ['SELECT 2;\n\\restrict abc\n', '2:1 \\restrict is a psql command'],
    ['COPY t FROM stdin;\n1\n\\.\n', '1:1 COPY FROM stdin needs a client that sends the data after it'],
    ['SELECT * FROM t WHERE a = :id;', '1:27 :id is a psql variable'],
    ["ALTER ROLE a PASSWORD :'pw';", "1:23 :'pw' is a psql variable"],
  ])('%j', (up, text) => {
    expect(of('psql-command', { ...pair('00001_a'), '00001_a.up.sql': up })).toEqual([
      `warning psql-command 00001_a.up.sql:${text}`,
    ])
  })

  test.each([
    ["SELECT 'a\\b', E'\\n', '10:30'::time, a[1:2], a[x:y], '{\"a\":b}'::json -> 'a'"],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE a int := 1; BEGIN a:=2; RETURN a; END $$'],
    ['COPY t TO stdout'],
    ["COPY t FROM '/tmp/x'"],
    ['-- \\connect\n/* :id */ SELECT 2'],
  ])('%s is fine', (up) => {
    expect(of('psql-command', { ...pair('00001_a'), '00001_a.up.sql': up })).toEqual([])
  })
})

describe('bytes', () => {
  const up = (bytes: Content): Readonly<Record<string, Content>> => ({ ...pair('00001_a'), '00001_a.up.sql': bytes })

  test('Latin-1, with the place of the first byte', () => {
    const bytes = Buffer.from("SELECT 2;\nSELECT 'Zürich \uFFFD';\n", 'utf8')
    const broken = Buffer.concat([bytes, Buffer.from("SELECT 'Z"), Buffer.from([0xfc]), Buffer.from("rich';\n")])
    expect(of('not-utf8', up(bytes))).toEqual([])
    expect(of('not-utf8', up(broken))).toEqual(['warning not-utf8 00001_a.up.sql:3:10 byte 0xFC is not UTF-8'])
  })

  test('UTF-16 and NUL', () => {
    expect(of('not-utf8', up(Buffer.from('\uFEFFSELECT 2;', 'utf16le')))).toEqual([
      'warning not-utf8 00001_a.up.sql:1:1 the file is UTF-16, not UTF-8',
    ])
    expect(of('not-utf8', up('SELECT 2;\0'))).toEqual([
      'warning not-utf8 00001_a.up.sql:1:10 the file holds a NUL byte',
    ])
  })

  test('a byte order mark that makes a goose file unparsable is one finding with its cause', () => {
    const found = findings({ '00001_a.sql': '\uFEFF-- +goose Up\nSELECT 2;\n-- +goose Down\nSELECT 3 FROM t;\n' })
    expect(found.map(({ rule }) => rule)).toEqual(['unparsable'])
    expect(found[0]?.why).toContain('The cause: the file starts with a byte order mark')
  })

  test('mixed line ends, at the first of the rarer kind', () => {
    expect(of('mixed-line-ends', up('SELECT 1;\r\nSELECT 2;\r\nSELECT 3;\n'))).toEqual([
      'warning mixed-line-ends 00001_a.up.sql:3:10 mixed line ends: 2 CRLF, 1 LF',
    ])
    expect(of('mixed-line-ends', up('SELECT 1;\r\nSELECT 2;\r\n'))).toEqual([])
  })

  test('size', () => {
    expect(of('file-size', up(`CREATE TABLE a ();${' '.repeat(2000)}`), { maxFileBytes: 2000 })).toEqual([
      'warning file-size 00001_a.up.sql:1:1 2,018 bytes; the limit is 2,000',
    ])
  })
})

describe('session-setting', () => {
  const said = (up: string): readonly string[] => of('session-setting', { ...pair('00001_a'), '00001_a.up.sql': up })

  test.each([
    ['SET search_path = a;', 'search_path stays'],
    ['set SESSION statement_timeout TO 0;', 'statement_timeout stays'],
    ["SELECT pg_catalog.set_config('search_path', '', false);", 'search_path stays'],
    ['SET ROLE a;', 'role stays'],
    ['SET SESSION AUTHORIZATION a;', 'session authorization stays'],
    ["SET TIME ZONE 'UTC';", 'timezone stays'],
    ["SET NAMES 'UTF8';", 'client_encoding stays'],
    ['SET a = 1; RESET a; SET b = 2;', 'b stays'],
    ['SET a = 1; SET b = 2; SET c = 3; SET d = 4; SET e = 5;', 'a, b, c, d and 1 more stay'],
  ])('%s', (up, words) => {
    expect(said(up)).toEqual([expect.stringContaining(`${words} set after this script`)])
  })

  test.each([
    ['SET LOCAL search_path = a;'],
    ["SELECT set_config('search_path', '', true);"],
    ['SET a = 1; SELECT 1; RESET a;'],
    ['SET a = 1; RESET ALL;'],
    ['SET a = 1; SET a TO DEFAULT;'],
    ['SET ROLE a; SET ROLE NONE;'],
    ['SET CONSTRAINTS ALL DEFERRED;'],
    ['SET TRANSACTION READ ONLY;'],
    ['UPDATE t SET a = 1;'],
    ['ALTER ROLE a SET search_path = b;'],
  ])('%s is fine', (up) => {
    expect(said(up)).toEqual([])
  })
})

test('session-setting says what to write instead', () => {
  const up =
    "set session role a;\nSELECT pg_catalog.set_config('search_path', '', false);\nSET SESSION AUTHORIZATION b;"
  const [found] = findings({ ...pair('00001_a'), '00001_a.up.sql': up })
  expect(found?.fix.split('\n')).toEqual([
    'SET LOCAL role a;',
    "SELECT pg_catalog.set_config('search_path', '', true);",
    'SET LOCAL SESSION AUTHORIZATION b;',
  ])
})

describe('secret', () => {
  const said = (up: string): readonly string[] => of('secret', { ...pair('00001_a'), '00001_a.up.sql': up })
  /** Put together here, so that nobody takes this file for a leak. */
  const key = (...parts: readonly string[]): string => parts.join('')

  test.each([
    ["CREATE ROLE a LOGIN PASSWORD 'correct-horse';", 'password of a role in the file (cor..., 13 characters)'],
    ["alter user a with encrypted password 'md5abcdefabcdef';", 'password of a role'],
    ["DO $$ BEGIN EXECUTE 'CREATE USER a PASSWORD ''correct'''; END $$;", 'password of a role'],
    ["CREATE ROLE a PASSWORD '$ecret$s';", '($e..., 8 characters)'],
    ['CREATE ROLE a PASSWORD $$correct$$;', '(c..., 7 characters)'],
    ["-- CREATE ROLE a PASSWORD 'old-secret'", 'password of a role'],
    ["CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password 'correct');", 'password of a user mapping'],
    ["SELECT dblink_connect('host=a password=correct user=b');", 'password in a connection string'],
    [`SELECT '${key('postgres', '://', 'a:correct@db')}/x';`, 'password in a URL'],
    [`SELECT '${key('-----BEGIN ', 'RSA PRIVATE KEY', '-----')}';`, 'private key'],
    [`SELECT '${key('AK', 'IA', 'ABCDEFGHIJKLMNOP')}';`, 'AWS access key in the file (AKIA..., 20 characters)'],
    [`SELECT '${key('AI', 'za', 'a'.repeat(35))}';`, 'Google API key'],
    [`SELECT '${key('gh', 'p_', 'a1'.repeat(18))}';`, 'GitHub token'],
    [`SELECT '${key('xo', 'xb-', '123456789012-abc')}';`, 'Slack token'],
    [`SELECT '${key('sk', '_live_', 'a1'.repeat(12))}';`, 'Stripe key'],
  ])('%s', (up, words) => {
    expect(said(up)).toEqual([expect.stringContaining(words)])
  })

  test.each([
    ['CREATE ROLE a PASSWORD NULL;'],
    ["CREATE ROLE a PASSWORD '';"],
    ["CREATE ROLE a PASSWORD '${PASSWORD}';"],
    ["CREATE ROLE a PASSWORD '$PASSWORD';"],
    ["CREATE ROLE a PASSWORD '{{ password }}';"],
    ["CREATE ROLE a PASSWORD '<password>';"],
    ["DO $$ BEGIN EXECUTE format('CREATE ROLE a PASSWORD %L', current_setting('a.b')); END $$"],
    ["UPDATE users SET password = crypt('x', gen_salt('bf')) WHERE id = 1;"],
    ["CREATE TABLE users (password text NOT NULL DEFAULT 'x');"],
    ["SELECT 'https://example.com/a:b@c';"],
    ["SELECT 'postgres://user:${PASSWORD}@host/db';"],
    [`SELECT '${['AK', 'IAIOSFODNN7', 'EXAMPLE'].join('')}';`],
  ])('%s is none', (up) => {
    expect(said(up)).toEqual([])
  })

  test('shows at most four characters, and never most of a short one', () => {
    const text = JSON.stringify(findings({ ...pair('00001_a'), '00001_a.up.sql': "CREATE ROLE a PASSWORD 'abc123';" }))
    expect(text).toContain('(a..., 6 characters)')
    expect(text).not.toContain('abc')
  })
})

describe('levels', () => {
  const files = { '00001_a.up.sql': 'SET a = 1;\r\nSELECT 2;\n', '00001_a.down.sql': '' }

  test('the config changes them and turns rules off', () => {
    expect(findings(files).map(({ rule, level }) => `${level} ${rule}`)).toEqual([
      'error down-empty',
      'warning mixed-line-ends',
      'warning session-setting',
    ])
    const levels = { 'down-empty': 'note', 'mixed-line-ends': 'error', 'session-setting': 'off' } as const
    expect(findings(files, { levels }).map(({ rule, level }) => `${level} ${rule}`)).toEqual([
      'error mixed-line-ends',
      'note down-empty',
    ])
  })
})

test('files that the layout passes over are nobody’s business', () => {
  const files = {
    ...pair('00001_a'),
    'README.md': '<<<<<<< HEAD\n',
    '00001_a.mysql.up.sql': "\uFEFFCREATE USER a PASSWORD 'secret';",
  }
  expect(findings(files)).toEqual([])
})
