// Pull requests on a base that has faults of its own: each is judged by what it changes. Rarer ones are in test/long.
import { describe, expect, test } from '@jest/globals'
import { renderAnnotations } from '../../../src/render/annotations.js'
import { renderHtml } from '../../../src/render/html/report.js'
import { renderComment } from '../../../src/render/markdown/comment.js'
import { renderSummary } from '../../../src/render/markdown/check-summary.js'
import { renderOutputs } from '../../../src/render/outputs.js'
import { renderSarif } from '../../../src/render/sarif.js'
import { renderText } from '../../../src/render/text/check.js'
import { groupProblems } from '../../../src/render/words/problems.js'
import { RULES } from '../../../src/rules/index.js'
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
} from '../../support/pull-requests.js'

const { judged, rows } = pullRequests()

const FAILS_3 = pair('00003_d', 'CREATE TABLE d (id int);', 'DROP TABLE nothing;')

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
      'a change breaks a step that it does not touch',
      { ...A, ...pair('00002_b', 'ALTER TABLE a ADD n int;', 'ALTER TABLE a DROP n;') },
      pair('00001_a', 'CREATE TABLE aa (id int);', 'DROP TABLE aa;'),
      { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a', 'up-fails 00002_b'], before: [] },
    ],
  ])
})

describe('a base that this server cannot run', () => {
  rows([
    [
      'a new good migration that does not need it',
      { ...EXTENSION, ...NEEDS_A },
      table('00003_d'),
      { verdict: 'pass', own: [], before: ['environment 00001_a', 'environment 00002_b'] },
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
    const report = await judged(EXTENSION, { ...NEEDS_A, ...pair('00003_d', 'TABLE a;', 'TABLE a;') })
    const groups = groupProblems(report)
    expect(groups.map(({ migration }) => migration)).toEqual(['00001_a'])
    expect(groups[0]?.entries[0]?.finding.why).toMatch(
      /^The change does not touch it, and builds on it\..* 2 more fail because of it: 00002_b, 00003_d\.$/,
    )
  })
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
  rows([
    ['a version twice', TWICE, GOOD, { verdict: 'pass', own: [], before: ['duplicate-version 00002_c'] }],
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
  rows([
    ['in an up', LEAVES, pair('00001_a', '/* a */ CREATE TABLE a (\n\n  id int -- the key\n);'), nothing],
    ['in goose', GOOSE, { [FILE]: goose('-- the table\nCREATE TABLE a (id int);', 'DROP TABLE nothing;') }, nothing],
    [
      'in the body of a function, which the server keeps',
      pair('00001_a', FUNCTION, 'DROP FUNCTION f;'),
      pair('00001_a', FUNCTION.replace('teh', 'the'), 'DROP FUNCTION f;'),
      edited,
    ],
    ['where sqlx keeps a checksum', { ...A, ...CARGO }, pair('00001_a', '-- a\nCREATE TABLE a (id int);'), edited],
    [
      'where Flyway keeps a checksum',
      V,
      { 'migrations/app/V1__a.sql': '-- a\nCREATE TABLE a (id int);\n' },
      { ...edited, own: ['merged-edited V1__a'], before: ['unpaired V1__a'] },
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
  const WAIVER = '-- migration-gate: allow down-restores-schema until 2099-01-01 because it is known'
  const WAIVED = { ...A, ...pair('00002_b', `${WAIVER}\n${B_UP}`, 'DROP TABLE b;') }
  rows([
    [
      'a folder that moves',
      LEAVES,
      { ...gone(LEAVES), ...movedTo('migrations/core', LEAVES) },
      { verdict: 'pass', own: [], before: [] },
    ],
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
  ])
})

test('every surface begins with what the change does, and ends with what was there before', async () => {
  const edited = pair('00001_a', 'CREATE TABLE a (id int);', 'DROP TABLE IF EXISTS a;')
  const report = await judged(LEAVES, { ...edited, ...BAD })
  expect(report).toMatchObject({
    verdict: 'fail',
    exitCode: 1,
    counts: { errors: 1, warnings: 1, before: 1 },
    findings: [{ rule: 'down-empty' }, { rule: 'merged-down-edited' }],
    setAside: [{ rule: 'down-restores-schema', debt: 'stood before' }],
    databases: [{ migrations: [{ touched: 'edited' }, { before: true }, { touched: 'added' }] }],
  })
  expect(renderOutputs(report, undefined)).toMatchObject({ verdict: 'fail', errors: '1', warnings: '1' })
  expect(renderAnnotations(report).map((line) => line.slice(0, 9))).toEqual(['::error f', '::warning'])
  const { runs } = JSON.parse(renderSarif(report, RULES)) as {
    readonly runs: readonly { readonly results: readonly { readonly baselineState: string }[] }[]
  }
  expect(runs[0]?.results.map(({ baselineState }) => baselineState)).toEqual(['new', 'new', 'unchanged'])
  const own = /the down holds only statements that change nothing/
  const before = /1 finding was there before the change \(not counted\)[^]*left behind table public\.c/
  for (const text of [
    renderText(report, { colour: false, width: 120, verbosity: 'normal' }),
    renderComment(report, { limit: 60_000 }).body,
    renderSummary(report),
    renderHtml(report),
  ]) {
    expect(text).toMatch(/FAIL(?:<\/span>)?:? +1 of 3 migrations cannot be rolled back/)
    expect(text.search(own)).toBeGreaterThan(-1)
    expect(text.search(before)).toBeGreaterThan(text.search(own))
  }
})
