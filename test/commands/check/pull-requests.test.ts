// Pull requests on a base that has faults of its own: each is judged by what it changes.
import { afterEach, describe, expect, test } from '@jest/globals'
import { check } from '../../../src/commands/check/check.js'
import type { CheckRequest } from '../../../src/commands/shared/request.js'
import type { Finding } from '../../../src/model/finding.js'
import type { Report } from '../../../src/report/check-report.js'
import { systemClock } from '../../../src/adapters/host/clock.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { createRepository } from '../../../src/adapters/host/git/repository.js'
import { groupProblems } from '../../../src/render/words/problems.js'
import { checkRequest, lent } from '../../support/check.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from '../../support/git.js'
import { serverForTests } from '../../support/live.js'
import { NOTHING } from '../../support/nothing.js'

type Files = Readonly<Record<string, string | undefined>>

const live = serverForTests()
const repos: Repo[] = []
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove()
})

function repoOf(base: Files, change: Files): Repo {
  const repo = makeRepo(base)
  repos.push(repo)
  repo.write(change)
  return repo
}

const judged = (repo: Repo, request: Partial<CheckRequest> = {}): Promise<Report> =>
  check(checkRequest({ against: { event: 'asked', name: 'main' }, scope: 'changed', proof: 'guided', ...request }), {
    ...NOTHING,
    clock: systemClock,
    startServer: () => Promise.resolve(lent(live.server)),
    files: createFiles(repo.path),
    repository: createRepository({ root: repo.path, environment: GIT_ENVIRONMENT }),
  })

const said = ({ rule, migration }: Finding): string => `${rule} ${migration ?? '-'}`
const shown = (report: Report): object => ({
  verdict: report.verdict,
  first: groupProblems(report)[0]?.entries[0]?.finding.rule,
  own: report.findings.filter(({ level }) => level !== 'note').map(said),
  before: report.setAside.filter(({ level }) => level !== 'note').map(said),
})

/** A migration of two files. `down` undefined: there is none. */
const pair = (id: string, up: string, down?: string): Files => ({
  [`migrations/app/${id}.up.sql`]: `${up}\n`,
  ...(down !== undefined && { [`migrations/app/${id}.down.sql`]: `${down}\n` }),
})
const table = (id: string): Files => pair(id, `CREATE TABLE ${id.slice(6)} (id int);`, `DROP TABLE ${id.slice(6)};`)

const A = table('00001_a')
const B_UP = 'CREATE TABLE b (id int);\nCREATE TABLE c (id int);'
/** A down that leaves a table. */
const LEAVES = { ...A, ...pair('00002_b', B_UP, 'DROP TABLE b;') }
/** A down that fails. */
const FAILS = { ...A, ...pair('00002_b', B_UP, 'DROP TABLE nothing;') }
/** Another one that fails. */
const FAILS_3 = pair('00003_d', 'CREATE TABLE d (id int);', 'DROP TABLE nothing;')
/** Each step is right by itself, and the first down fails after all others: the rows of the third one are still there. */
const CHAIN = {
  ...pair('00001_a', 'CREATE TABLE a (id int, n int NOT NULL);', 'DROP TABLE a;'),
  ...pair('00002_b', 'ALTER TABLE a ALTER COLUMN n DROP NOT NULL;', 'ALTER TABLE a ALTER COLUMN n SET NOT NULL;'),
  ...pair('00003_c', 'INSERT INTO a (id) VALUES (1);', 'SELECT 1;'),
}
const GOOD = table('00003_d')
const BAD = pair('00003_d', 'CREATE TABLE d (id int);', 'SELECT 1;')

/** `first`: the rule of the problem that is shown first. */
type Row = readonly [
  what: string,
  base: Files,
  change: Files,
  expected: {
    readonly verdict: Report['verdict']
    readonly first?: string
    readonly own: readonly string[]
    readonly before: readonly string[]
  },
]
const rows = (table: readonly Row[]): void => {
  test.each(table)('%s', async (_, base, change, { first, ...expected }) => {
    expect(shown(await judged(repoOf(base, change)))).toEqual({ first, ...expected })
  })
}

describe('a down that was broken before', () => {
  rows([
    ['a new good migration', LEAVES, GOOD, { verdict: 'pass', own: [], before: [] }],
    [
      'a new bad migration',
      LEAVES,
      BAD,
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: [] },
    ],
    [
      'a letter in the comment of an older down',
      { ...LEAVES, ...pair('00001_a', 'CREATE TABLE a (id int);', '-- drops teh table\nDROP TABLE a;') },
      pair('00001_a', 'CREATE TABLE a (id int);', '-- drops the table\nDROP TABLE a;'),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'a comment in the broken down itself',
      LEAVES,
      pair('00002_b', B_UP, '-- leaves a table\nDROP TABLE b;'),
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
    [
      'a change breaks a step that it does not touch',
      { ...A, ...pair('00002_b', 'ALTER TABLE a ADD n int;', 'ALTER TABLE a DROP n;') },
      pair('00001_a', 'CREATE TABLE aa (id int);', 'DROP TABLE aa;'),
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a', 'up-fails 00002_b'], before: [] },
    ],
  ])
})

const EXTENSION = pair('00001_a', 'CREATE EXTENSION no_such;\nCREATE TABLE a (id int);', 'DROP TABLE a;')
/** Needs what the first one makes. */
const NEEDS_A = pair('00002_b', 'ALTER TABLE a ADD COLUMN b int;', 'ALTER TABLE a DROP COLUMN b;')

describe('a base that this server cannot run', () => {
  rows([
    [
      'a new good migration that does not need it',
      { ...EXTENSION, ...NEEDS_A },
      table('00003_d'),
      { verdict: 'pass', own: [], before: ['environment 00001_a', 'environment 00002_b'] },
    ],
    [
      'a new bad migration',
      EXTENSION,
      BAD,
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: ['environment 00001_a'] },
    ],
    [
      'new migrations that need it: one problem, and no verdict',
      EXTENSION,
      { ...NEEDS_A, ...pair('00003_d', 'ALTER TABLE a ADD COLUMN d int;', 'ALTER TABLE a DROP COLUMN d;') },
      {
        verdict: 'environment',
        first: 'environment',
        own: ['environment 00001_a', 'environment 00002_b', 'environment 00003_d'],
        before: [],
      },
    ],
    [
      'the change brings the need itself',
      A,
      pair('00002_b', 'CREATE EXTENSION no_such;', 'DROP EXTENSION no_such;'),
      { verdict: 'environment', first: 'environment', own: ['environment 00002_b'], before: [] },
    ],
  ])

  test('what needs it is counted at the one problem', async () => {
    const report = await judged(
      repoOf(EXTENSION, { ...NEEDS_A, ...pair('00003_d', 'TABLE a;', 'TABLE a;'), ...table('00004_e') }),
    )
    const groups = groupProblems(report)
    expect(groups.map(({ migration }) => migration)).toEqual(['00001_a'])
    expect(groups[0]?.entries[0]?.finding.why).toMatch(
      /^The change does not touch it, and builds on it\..* 2 more fail because of it: 00002_b, 00003_d\.$/,
    )
  })
})

describe('an up that failed before', () => {
  const BROKEN = { ...A, ...pair('00002_b', 'CREATE TABLE b (id nonsense);', 'DROP TABLE b;') }
  rows([
    ['a new good migration', BROKEN, GOOD, { verdict: 'pass', own: [], before: ['up-fails 00002_b'] }],
    [
      'a new bad migration',
      BROKEN,
      BAD,
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: ['up-fails 00002_b'] },
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
  ])
})

describe('faults in the files of the base', () => {
  const TWICE = { ...A, ...table('00002_b'), ...table('00002_c') }
  const SECRET = {
    ...A,
    ...pair('00002_b', "CREATE ROLE app LOGIN PASSWORD 'hunter2secret';\nDROP ROLE app;", 'SELECT 1;'),
  }
  const OWN = { ...A, ...pair('00002_b', 'BEGIN;\nCREATE TABLE b (id int);\nCOMMIT;', 'DROP TABLE b;') }
  rows([
    ['a version twice', TWICE, GOOD, { verdict: 'pass', own: [], before: ['duplicate-version 00002_c'] }],
    [
      'a version twice, and the change brings one more',
      { ...A, ...table('00002_b') },
      table('00002_aa'),
      { verdict: 'fail', first: 'version-taken', own: ['version-taken 00002_aa'], before: [] },
    ],
    ['a secret', SECRET, GOOD, { verdict: 'pass', own: [], before: [] }],
    [
      'a secret that the change brings, in a comment',
      A,
      pair('00001_a', "-- CREATE ROLE app LOGIN PASSWORD 'hunter2secret';\nCREATE TABLE a (id int);"),
      { verdict: 'fail', first: 'secret', own: ['secret 00001_a'], before: [] },
    ],
    ['a transaction of its own', OWN, GOOD, { verdict: 'pass', own: [], before: [] }],
    [
      'no down, and a comment',
      { ...A, ...pair('00002_b', 'CREATE TABLE b (id int);') },
      pair('00002_b', '-- b\nCREATE TABLE b (id int);'),
      { verdict: 'pass', own: [], before: ['unpaired 00002_b'] },
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
  ])
})

describe('comments and blanks', () => {
  const goose = (up: string, down: string): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`
  const FILE = 'migrations/app/00001_a.sql'
  const GOOSE = {
    [FILE]: goose('-- teh table\nCREATE TABLE a (id int);', 'DROP TABLE nothing;'),
    'migrations/app/00002_b.sql': goose('CREATE TABLE b (id int);', 'SELECT 1;'),
  }
  const FUNCTION = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n  SELECT 'x' -- teh x\n$$;"
  const nothing = { verdict: 'pass', own: [], before: [] } as const
  const CARGO = { 'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n' }
  const edited = { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a'], before: [] } as const
  const V = { 'migrations/app/V1__a.sql': 'CREATE TABLE a (id int);\n' }
  const PRISMA = { 'migrations/app/20240101000000_a/migration.sql': 'CREATE TABLE a (id int);\n' }
  rows([
    ['in an up', LEAVES, pair('00001_a', '/* a */ CREATE TABLE a (\n\n  id int -- the key\n);'), nothing],
    ['line ends in an up', LEAVES, pair('00001_a', 'CREATE TABLE a (id int);\r'), nothing],
    ['in goose', GOOSE, { [FILE]: goose('-- the table\nCREATE TABLE a (id int);', 'DROP TABLE nothing;') }, nothing],
    ['in a setup file', { ...LEAVES, ...SETUP('-- teh x\nSELECT 1;') }, SETUP('-- the x\nSELECT 1;'), nothing],
    ['in the config', { ...LEAVES, 'migration-gate.yml': 'checks: {}\n' }, { 'migration-gate.yml': '# x\n' }, nothing],
    [
      'in the body of a function, which the server keeps',
      pair('00001_a', FUNCTION, 'DROP FUNCTION f;'),
      pair('00001_a', FUNCTION.replace('teh', 'the'), 'DROP FUNCTION f;'),
      edited,
    ],
    ['in a string', pair('00001_a', "SELECT 'a\n\nb';", 'SELECT 1;'), pair('00001_a', "SELECT 'a\nb';"), edited],
    ['where sqlx keeps a checksum', { ...A, ...CARGO }, pair('00001_a', '-- a\nCREATE TABLE a (id int);'), edited],
    [
      'in a down, where sqlx keeps a checksum',
      { ...A, ...CARGO },
      pair('00001_a', 'CREATE TABLE a (id int);', '-- a\nDROP TABLE a;'),
      nothing,
    ],
    [
      'where Flyway keeps a checksum',
      V,
      { 'migrations/app/V1__a.sql': '-- a\nCREATE TABLE a (id int);\n' },
      { ...edited, own: ['merged-edited V1__a'], before: ['unpaired V1__a'] },
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

function SETUP(sql: string): Files {
  return {
    'setup.sql': `${sql}\n`,
    'migration-gate.yml': 'databases:\n  app:\n    folder: migrations/app\n    setup: [setup.sql]\n',
  }
}

describe('what else a change can be', () => {
  const THREE = { ...LEAVES, ...table('00003_d') }
  const moved = (files: Files, to: string): Files =>
    Object.fromEntries(
      Object.entries(files).flatMap(([path, text]) => [
        [path, undefined],
        [path.replace('migrations/app', to), text],
      ]),
    )
  const inCore = (files: Files): Files =>
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.replace('migrations/app', 'migrations/core'), text]),
    )
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
  const WAIVER = '-- migration-gate: allow down-restores-schema until 2099-01-01 because it is known'
  const waived = { ...A, ...pair('00002_b', `${WAIVER}\n${B_UP}`, 'DROP TABLE b;') }
  rows([
    ['a folder that moves', LEAVES, moved(LEAVES, 'migrations/core'), { verdict: 'pass', own: [], before: [] }],
    [
      'a folder that moves, and a new migration in it',
      LEAVES,
      { ...moved(LEAVES, 'migrations/core'), ...inCore(BAD) },
      { verdict: 'fail', first: 'down-empty', own: ['down-empty 00003_d'], before: [] },
    ],
    [
      'a migration that is deleted',
      THREE,
      { 'migrations/app/00001_a.up.sql': undefined, 'migrations/app/00001_a.down.sql': undefined },
      { verdict: 'fail', first: 'merged-deleted', own: ['merged-deleted -'], before: ['down-restores-schema 00002_b'] },
    ],
    [
      'a migration that another one needs is deleted',
      { ...A, ...NEEDS_A, ...FAILS_3 },
      { 'migrations/app/00001_a.up.sql': undefined, 'migrations/app/00001_a.down.sql': undefined },
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
      'a migration moves behind the one that needs it',
      { ...A, ...NEEDS_A },
      renamed(A, '00001_a', '00009_a'),
      { verdict: 'fail', first: 'merged-renamed', own: ['merged-renamed 00009_a', 'up-fails 00002_b'], before: [] },
    ],
    [
      'a setup file is edited',
      { ...LEAVES, ...SETUP('CREATE SCHEMA x;') },
      SETUP('CREATE SCHEMA y;'),
      { verdict: 'pass', own: [], before: ['down-restores-schema 00002_b'] },
    ],
    [
      'a setup file loses what a migration needs',
      { ...LEAVES, ...pair('00003_d', 'CREATE TABLE x.d (id int);', 'DROP TABLE x.d;'), ...SETUP('CREATE SCHEMA x;') },
      SETUP('CREATE SCHEMA y;'),
      { verdict: 'fail', first: 'up-fails', own: ['up-fails 00003_d'], before: ['down-restores-schema 00002_b'] },
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
      'a waiver is taken away',
      waived,
      pair('00002_b', B_UP),
      { verdict: 'fail', first: 'down-restores-schema', own: ['down-restores-schema 00002_b'], before: [] },
    ],
    [
      'a migration is declared irreversible',
      LEAVES,
      pair('00002_b', `-- migration-gate: irreversible because the rows are gone\n${B_UP}`),
      { verdict: 'pass', own: [], before: [] },
    ],
    [
      'the whole chain is one unit, and a new migration is good',
      { ...LEAVES, 'migration-gate.yml': 'proof: { unit: chain }\n' },
      GOOD,
      { verdict: 'pass', own: [], before: ['down-restores-schema 00003_d'] },
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
  ])
})
