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

describe('a down that was broken before', () => {
  rows([
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
      'a new bad migration',
      EXTENSION,
      BAD,
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: ['environment 00001_a'] },
    ],
  ])
})

describe('an up that failed before', () => {
  rows([
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
  ])
})

const GOOSE = 'migrations/app/00001_a.sql'
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
  const PRISMA = { 'migrations/app/20240101000000_a/migration.sql': 'CREATE TABLE a (id int);\n' }
  rows([
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
