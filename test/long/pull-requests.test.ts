// Rarer pull requests on a base that has faults of its own, beside those of test/commands/check/pull-requests.test.ts.
import { describe } from '@jest/globals'
import {
  A,
  BAD,
  BROKEN,
  B_UP,
  CHAIN,
  EXTENSION,
  FAILS,
  GOOD,
  LEAVES,
  NEEDS_A,
  NEEDS_B,
  gone,
  movedTo,
  pair,
  pullRequests,
  setup,
  table,
  type Files,
} from '../support/pull-requests.js'

const { rows } = pullRequests()

const SEEDED = {
  'migrations/app/seeds/00001_s.up.sql': 'INSERT INTO nothing VALUES (1);\n',
  'migrations/app/seeds/00001_s.down.sql': 'DELETE FROM a;\n',
}

const FAILS_3 = pair('00003_d', 'CREATE TABLE d (id int);', 'DROP TABLE nothing;')
const GOOSE = 'migrations/app/00001_a.sql'

describe('a down that was broken before', () => {
  rows([
    [
      'a letter in the comment of an older down',
      { ...LEAVES, ...pair('00001_a', 'CREATE TABLE a (id int);', '-- drops teh table\nDROP TABLE a;') },
      pair('00001_a', 'CREATE TABLE a (id int);', '-- drops the table\nDROP TABLE a;'),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'an older down is edited',
      LEAVES,
      pair('00001_a', 'CREATE TABLE a (id int);', 'DROP TABLE IF EXISTS a;'),
      {
        verdict: 'pass',
        first: 'merged-down-edited',
        own: ['merged-down-edited 00001_a'],
        before: ['down-restores-schema 00002_b'],
      },
    ],
    [
      'the edit of a down repairs it',
      LEAVES,
      pair('00002_b', B_UP, 'DROP TABLE b, c;'),
      { verdict: 'pass', first: 'merged-down-edited', own: ['merged-down-edited 00002_b'], before: [] },
    ],
    [
      'the edit of a down does not repair it',
      LEAVES,
      pair('00002_b', B_UP, 'DROP TABLE IF EXISTS b;'),
      {
        verdict: 'fail',
        first: 'down-restores-schema',
        own: ['down-restores-schema 00002_b', 'merged-down-edited 00002_b'],
        before: [],
      },
    ],
    [
      'the edit of another down breaks that one',
      { ...FAILS, ...table('00003_d') },
      pair('00003_d', 'CREATE TABLE d (id int);', 'DROP TABLE nothing;'),
      {
        verdict: 'fail',
        first: 'down-fails',
        own: ['down-fails 00003_d', 'merged-down-edited 00003_d'],
        before: [],
      },
    ],
    [
      'a comment in the broken down itself',
      LEAVES,
      pair('00002_b', B_UP, '-- leaves a table\nDROP TABLE b;'),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'an older up is edited, and the fault stays what it was',
      FAILS,
      pair('00001_a', 'CREATE TABLE a (id bigint);', 'DROP TABLE a;'),
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a'], before: ['down-fails 00002_b'] },
    ],
    [
      'an older up is edited, and the next down leaves more than before',
      {
        ...pair('00001_a', 'CREATE TABLE y (id int);', 'DROP TABLE y;'),
        ...pair(
          '00002_b',
          'CREATE TABLE c (id int);\nCREATE TABLE IF NOT EXISTS y (id int);',
          'DROP TABLE IF EXISTS z;',
        ),
      },
      pair('00001_a', 'CREATE TABLE x (id int);', 'DROP TABLE x;'),
      {
        verdict: 'fail',
        first: 'merged-edited',
        own: ['merged-edited 00001_a', 'down-restores-schema 00002_b'],
        before: [],
      },
    ],
  ])
})

describe('a base that this server cannot run', () => {
  rows([
    [
      'the change brings the need itself',
      A,
      pair('00002_b', 'CREATE EXTENSION no_such;', 'DROP EXTENSION no_such;'),
      { verdict: 'environment', first: 'environment', own: ['environment 00002_b'], before: [] },
    ],
    [
      'a new bad migration',
      EXTENSION,
      BAD,
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: ['environment 00001_a'] },
    ],
  ])
})

describe('an up that failed before', () => {
  rows([
    ['a new good migration', BROKEN, GOOD, { verdict: 'pass', own: [], before: ['up-fails 00002_b'] }],
    [
      'a new bad migration',
      BROKEN,
      BAD,
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: ['up-fails 00002_b'] },
    ],
    [
      'a new good migration, where older ones need it',
      { ...BROKEN, ...NEEDS_B },
      table('00004_e'),
      { verdict: 'pass', own: [], before: ['up-fails 00002_b'] },
    ],
    [
      'an up in front of it that makes it run, and shows that its down is wrong as well',
      {
        ...A,
        ...pair('00002_b', 'CREATE TABLE b AS SELECT missing FROM a; CREATE TABLE c (id int);', 'DROP TABLE b;'),
      },
      pair('00001_a', 'CREATE TABLE a (missing int);', 'DROP TABLE a;'),
      {
        verdict: 'fail',
        first: 'merged-edited',
        own: ['merged-edited 00001_a'],
        before: ['down-restores-schema 00002_b'],
      },
    ],
    [
      'a comment in it',
      BROKEN,
      pair('00002_b', '-- b\nCREATE TABLE b (id nonsense);'),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'the edit of a down behind it',
      { ...BROKEN, ...table('00003_d') },
      pair('00003_d', 'CREATE TABLE d (id int);', 'DROP TABLE IF EXISTS d;'),
      {
        verdict: 'pass',
        first: 'merged-down-edited',
        own: ['merged-down-edited 00003_d'],
        before: ['up-fails 00002_b'],
      },
    ],
    [
      'the whole chain is one unit, so a new migration does not run',
      { ...BROKEN, 'migration-gate.yml': 'proof: { unit: chain }\n' },
      GOOD,
      { verdict: 'environment', own: [], before: ['up-fails 00003_d'] },
    ],
    [
      'the whole chain is one unit that this server cannot run',
      { ...EXTENSION, 'migration-gate.yml': 'proof: { unit: chain }\n' },
      GOOD,
      { verdict: 'environment', own: [], before: ['environment 00003_d'] },
    ],
    [
      'its edit repairs it, and a new migration needs it',
      BROKEN,
      { ...pair('00002_b', 'CREATE TABLE b (id int);', 'DROP TABLE b;'), ...NEEDS_B },
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00002_b'], before: [] },
    ],
    [
      'its edit does not repair it, and a new migration needs it',
      BROKEN,
      { ...pair('00002_b', 'CREATE TABLE b (id nonsense, n int);', 'DROP TABLE b;'), ...NEEDS_B },
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00002_b', 'up-fails 00002_b'], before: [] },
    ],
    [
      'its edit repairs it, and an older down behind it was wrong as well',
      { ...BROKEN, ...pair('00003_d', 'ALTER TABLE b ADD COLUMN d int;', 'ALTER TABLE b DROP COLUMN typo;') },
      pair('00002_b', 'CREATE TABLE b (id int);', 'DROP TABLE b;'),
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00002_b'], before: ['down-fails 00003_d'] },
    ],
    [
      'the tool refuses its file, and a new migration may need it',
      { [GOOSE]: '-- +goose Up\nCREATE TABLE b (id int)\n-- +goose Down\nDROP TABLE b;\n' },
      {
        'migrations/app/00003_d.sql': '-- +goose Up\nALTER TABLE b ADD n int;\n-- +goose Down\nALTER TABLE b DROP n;\n',
      },
      { verdict: 'environment', first: 'up-fails', own: [], before: ['unparsable 00001_a'] },
    ],
    [
      'it is code, and a new migration may need it',
      { ...A, 'migrations/app/00002_b.up.go': 'package migrations\n' },
      NEEDS_B,
      { verdict: 'environment', first: 'environment', own: [], before: ['code-migration 00002_b'] },
    ],
  ])
})

const gooseFile = (down: string): string =>
  `-- +goose Up\nCREATE TABLE a (id int);\nCREATE ROLE migration_gate_pulls PASSWORD 'hunter2secret';\nDROP ROLE migration_gate_pulls;\n-- +goose Down\n${down}\n`

describe('faults in the files of the base', () => {
  const SECRET = {
    ...A,
    ...pair('00002_b', "CREATE ROLE app LOGIN PASSWORD 'hunter2secret';\nDROP ROLE app;", 'SELECT 1;'),
  }
  const OWN = { ...A, ...pair('00002_b', 'BEGIN;\nCREATE TABLE b (id int);\nCOMMIT;', 'DROP TABLE b;') }
  rows([
    [
      'a version twice, and the change brings one more',
      { ...A, ...table('00002_b') },
      table('00002_aa'),
      { verdict: 'fail', first: 'version-taken', own: ['version-taken 00002_aa'], before: [] },
    ],
    [
      'a secret that the change brings, in a comment',
      A,
      pair('00001_a', "-- CREATE ROLE app LOGIN PASSWORD 'hunter2secret';\nCREATE TABLE a (id int);"),
      { verdict: 'fail', first: 'secret', own: ['secret 00001_a'], before: [] },
    ],
    [
      'the change deletes a down',
      { ...A, ...table('00002_b') },
      { 'migrations/app/00002_b.down.sql': undefined },
      {
        verdict: 'fail',
        first: 'unpaired',
        own: ['unpaired 00002_b', 'merged-down-edited 00002_b'],
        before: [],
      },
    ],
    [
      'the edit of a down beside an up with a secret, in one file',
      { [GOOSE]: gooseFile('DROP TABLE b;') },
      { [GOOSE]: gooseFile('DROP TABLE a;') },
      {
        verdict: 'pass',
        first: 'merged-down-edited',
        own: ['merged-down-edited 00001_a'],
        before: ['secret 00001_a'],
      },
    ],
    [
      'the edit of an up with a secret, in one file',
      { [GOOSE]: gooseFile('DROP TABLE a;') },
      { [GOOSE]: gooseFile('DROP TABLE a;').replace('id int', 'id bigint') },
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a', 'secret 00001_a'], before: [] },
    ],
    [
      'a file that the tool refuses, and still does',
      { [GOOSE]: '-- +goose Up\nCREATE TABLE a (id int)\n-- +goose Down\nDROP TABLE a;\n' },
      { [GOOSE]: '-- +goose Up\nCREATE TABLE a (id bigint)\n-- +goose Down\nDROP TABLE a;\n' },
      { verdict: 'fail', first: 'unparsable', own: ['unparsable 00001_a'], before: [] },
    ],
    ['a secret', SECRET, GOOD, { verdict: 'pass', own: [], before: [] }],
    ['a transaction of its own', OWN, GOOD, { verdict: 'pass', own: [], before: [] }],
    [
      'no down, and a comment',
      { ...A, ...pair('00002_b', 'CREATE TABLE b (id int);') },
      pair('00002_b', '-- b\nCREATE TABLE b (id int);'),
      { verdict: 'pass', own: [], before: ['unpaired 00002_b'] },
    ],
  ])
})

describe('comments and blanks', () => {
  const nothing = { verdict: 'pass', own: [], before: [] } as const
  const CARGO = { 'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n' }
  const edited = { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a'], before: [] } as const
  const V = { 'migrations/app/V1__a.sql': 'CREATE TABLE a (id int);\n' }
  const FUNCTION = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n  SELECT 'x' -- teh x\n$$;"
  const PRISMA = { 'migrations/app/20240101000000_a/migration.sql': 'CREATE TABLE a (id int);\n' }
  rows([
    [
      'in the body of a function, which the server keeps',
      pair('00001_a', FUNCTION, 'DROP FUNCTION f;'),
      pair('00001_a', FUNCTION.replace('teh', 'the'), 'DROP FUNCTION f;'),
      edited,
    ],
    [
      'where Flyway keeps a checksum',
      V,
      { 'migrations/app/V1__a.sql': '-- a\nCREATE TABLE a (id int);\n' },
      { ...edited, own: ['merged-edited V1__a'], before: ['unpaired V1__a'] },
    ],
    ['line ends in an up', LEAVES, pair('00001_a', 'CREATE TABLE a (id int);\r'), nothing],
    ['in a setup file', { ...LEAVES, ...setup('-- teh x\nSELECT 1;') }, setup('-- the x\nSELECT 1;'), nothing],
    ['in the config', { ...LEAVES, 'migration-gate.yml': 'checks: {}\n' }, { 'migration-gate.yml': '# x\n' }, nothing],
    ['in a string', pair('00001_a', "SELECT 'a\n\nb';", 'SELECT 1;'), pair('00001_a', "SELECT 'a\nb';"), edited],
    [
      'in a down, where sqlx keeps a checksum',
      { ...A, ...CARGO },
      pair('00001_a', 'CREATE TABLE a (id int);', '-- a\nDROP TABLE a;'),
      nothing,
    ],
    [
      'a blank line, which is nothing to Flyway',
      V,
      { 'migrations/app/V1__a.sql': '\nCREATE TABLE a (id int);\n' },
      { ...nothing, before: ['unpaired V1__a'] },
    ],
    [
      'where Prisma keeps a checksum',
      PRISMA,
      { 'migrations/app/20240101000000_a/migration.sql': '-- a\nCREATE TABLE a (id int);\n' },
      { ...edited, own: ['merged-edited 20240101000000_a'], before: ['unpaired 20240101000000_a'] },
    ],
  ])
})

describe('what else a change can be', () => {
  const WAIVER = '-- migration-gate: allow down-restores-schema until 2099-01-01 because it is known'
  const WAIVED = { ...A, ...pair('00002_b', `${WAIVER}\n${B_UP}`, 'DROP TABLE b;') }
  const renamed = (files: Files, from: string, to: string): Files =>
    Object.fromEntries(
      Object.entries(files).flatMap(([path, text]) =>
        path.includes(from)
          ? [
              [path, undefined],
              [path.replace(from, to), text],
            ]
          : [],
      ),
    )
  rows([
    [
      'a migration that another one needs is deleted',
      { ...A, ...NEEDS_A, ...FAILS_3 },
      gone(A),
      {
        verdict: 'fail',
        first: 'merged-deleted',
        own: ['merged-deleted -', 'up-fails 00002_b'],
        before: ['down-fails 00003_d'],
      },
    ],
    [
      'a broken migration gets another version',
      LEAVES,
      renamed(LEAVES, '00002_b', '00005_b'),
      {
        verdict: 'fail',
        first: 'merged-renamed',
        own: ['merged-renamed 00005_b'],
        before: ['down-restores-schema 00005_b'],
      },
    ],
    [
      'a setup file loses what a migration needs',
      { ...LEAVES, ...pair('00003_d', 'CREATE TABLE x.d (id int);', 'DROP TABLE x.d;'), ...setup('CREATE SCHEMA x;') },
      setup('CREATE SCHEMA y;'),
      { verdict: 'fail', first: 'up-fails', own: ['up-fails 00003_d'], before: ['down-restores-schema 00002_b'] },
    ],
    [
      'a waiver is taken away',
      WAIVED,
      pair('00002_b', B_UP),
      { verdict: 'fail', first: 'down-restores-schema', own: ['down-restores-schema 00002_b'], before: [] },
    ],
    [
      'the whole chain is one unit, and a new migration is good',
      { ...LEAVES, 'migration-gate.yml': 'proof: { unit: chain }\n' },
      GOOD,
      { verdict: 'pass', own: [], before: ['down-restores-schema 00003_d'] },
    ],
    [
      'a chain that cannot go down, and an edited down',
      CHAIN,
      pair('00001_a', 'CREATE TABLE a (id int, n int NOT NULL);', 'DROP TABLE IF EXISTS a;'),
      {
        verdict: 'pass',
        first: 'merged-down-edited',
        own: ['merged-down-edited 00001_a'],
        before: ['chain-down 00002_b'],
      },
    ],
    [
      'a folder that moves, and a new migration in it',
      LEAVES,
      { ...gone(LEAVES), ...movedTo('migrations/core', LEAVES), ...movedTo('migrations/core', BAD) },
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: [] },
    ],
    [
      'a migration that is deleted',
      { ...LEAVES, ...table('00003_d') },
      gone(A),
      { verdict: 'fail', first: 'merged-deleted', own: ['merged-deleted -'], before: ['down-restores-schema 00002_b'] },
    ],
    [
      'a migration moves behind the one that needs it',
      { ...A, ...NEEDS_A },
      renamed(A, '00001_a', '00009_a'),
      { verdict: 'fail', first: 'merged-renamed', own: ['merged-renamed 00009_a', 'up-fails 00002_b'], before: [] },
    ],
    [
      'a setup file is edited',
      { ...LEAVES, ...setup('CREATE SCHEMA x;') },
      setup('CREATE SCHEMA y;'),
      { verdict: 'pass', own: [], before: ['down-restores-schema 00002_b'] },
    ],
    [
      'a waiver in the config',
      LEAVES,
      {
        'migration-gate.yml': `waivers:\n  - allow down-restores-schema in app 00002 until 2099-01-01 because it is known\n`,
      },
      { verdict: 'pass', own: [], before: ['down-restores-schema 00002_b'] },
    ],
    [
      'a migration is declared irreversible',
      LEAVES,
      pair('00002_b', `-- migration-gate: irreversible because the rows are gone\n${B_UP}`),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'the whole chain is one unit, and a new migration leaves more',
      { ...LEAVES, 'migration-gate.yml': 'proof: { unit: chain }\n' },
      BAD,
      { verdict: 'fail', first: 'down-restores-schema', own: ['down-restores-schema 00003_d'], before: [] },
    ],
    [
      'a chain that cannot go down, and a new migration is good',
      CHAIN,
      table('00004_e'),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'a role stays behind as before',
      { ...A, ...pair('00002_b', 'CREATE ROLE migration_gate_pulls;\nCREATE TABLE b (id int);', 'DROP TABLE b;') },
      pair('00001_a', 'CREATE TABLE a (id int);', 'DROP TABLE IF EXISTS a;'),
      {
        verdict: 'pass',
        first: 'merged-down-edited',
        own: ['merged-down-edited 00001_a'],
        before: ['down-restores-schema 00002_b'],
      },
    ],
    [
      'a seed that failed before',
      { ...A, ...SEEDED },
      table('00002_b'),
      { verdict: 'pass', own: [], before: ['up-fails 00001_s'] },
    ],
    [
      'a seed that fails because of the change',
      { ...A, ...SEEDED, 'migrations/app/seeds/00001_s.up.sql': 'INSERT INTO a VALUES (1);\n' },
      pair('00002_b', 'ALTER TABLE a ADD COLUMN n int NOT NULL;', 'ALTER TABLE a DROP COLUMN n;'),
      { verdict: 'fail', first: 'up-fails', own: ['up-fails 00001_s'], before: [] },
    ],
    [
      'a new migration comes before the ones that are wrong',
      LEAVES,
      pair('00001_b', 'CREATE TABLE e (id int);', 'DROP TABLE e;'),
      {
        verdict: 'fail',
        first: 'version-taken',
        own: ['version-taken 00001_b'],
        before: ['down-restores-schema 00002_b'],
      },
    ],
  ])
})
