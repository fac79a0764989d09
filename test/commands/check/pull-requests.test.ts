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
  EXTENSION,
  GOOD,
  LEAVES,
  NEEDS_A,
  NEEDS_B,
  gone,
  movedTo,
  pair,
  pullRequests,
  table,
} from '../../support/pull-requests.js'

const { judged, rows } = pullRequests()

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
      { verdict: 'pass', own: [], before: ['environment 00001_a'] },
    ],
    [
      'new migrations that need it: one problem, and no verdict',
      EXTENSION,
      { ...NEEDS_A, ...pair('00003_d', 'ALTER TABLE a ADD COLUMN d int;', 'ALTER TABLE a DROP COLUMN d;') },
      {
        verdict: 'environment',
        first: 'environment',
        own: ['environment 00001_a'],
        before: [],
      },
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
    [
      'a new migration that needs it is not judged',
      BROKEN,
      NEEDS_B,
      { verdict: 'environment', first: 'up-fails', own: [], before: ['up-fails 00002_b'] },
    ],
    [
      'a new migration that needs it, and a fault beside it',
      BROKEN,
      { ...NEEDS_B, ...pair('00004_e', 'CREATE TABLE e (id int);', 'DROP TABLE nothing;') },
      { verdict: 'fail', first: 'down-fails', own: ['down-fails 00004_e'], before: ['up-fails 00002_b'] },
    ],
  ])
})

test('a change behind an up that failed before: every surface says why nothing is proved', async () => {
  const report = await judged(BROKEN, NEEDS_B)
  const why = '00003_d: not judged, it follows from 00002_b, whose up failed'
  expect(report).toMatchObject({
    verdict: 'environment',
    exitCode: 3,
    findings: [{ level: 'note', follows: '00002_b' }],
  })
  for (const text of [
    renderText(report, { colour: false, width: 120, verbosity: 'normal' }),
    renderComment(report, { limit: 60_000 }).body,
    renderSummary(report),
    renderHtml(report),
  ]) {
    expect(text.replaceAll('\\', '')).toContain(why)
    expect(text).toMatch(/1 not judged/)
  }
})

describe('faults in the files of the base', () => {
  const TWICE = { ...A, ...table('00002_b'), ...table('00002_c') }
  rows([['a version twice', TWICE, GOOD, { verdict: 'pass', own: [], before: ['duplicate-version 00002_c'] }]])
})

describe('comments and blanks', () => {
  const goose = (up: string, down: string): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`
  const FILE = 'migrations/app/00001_a.sql'
  const GOOSE = {
    [FILE]: goose('-- teh table\nCREATE TABLE a (id int);', 'DROP TABLE nothing;'),
    'migrations/app/00002_b.sql': goose('CREATE TABLE b (id int);', 'SELECT 1;'),
  }
  const nothing = { verdict: 'pass', own: [], before: [] } as const
  const CARGO = { 'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n' }
  const edited = { verdict: 'fail', first: 'merged-edited', own: ['merged-edited 00001_a'], before: [] } as const
  rows([
    ['in an up', LEAVES, pair('00001_a', '/* a */ CREATE TABLE a (\n\n  id int -- the key\n);'), nothing],
    ['in goose', GOOSE, { [FILE]: goose('-- the table\nCREATE TABLE a (id int);', 'DROP TABLE nothing;') }, nothing],
    ['where sqlx keeps a checksum', { ...A, ...CARGO }, pair('00001_a', '-- a\nCREATE TABLE a (id int);'), edited],
  ])
})

describe('what else a change can be', () => {
  rows([
    [
      'a folder that moves',
      LEAVES,
      { ...gone(LEAVES), ...movedTo('migrations/core', LEAVES) },
      { verdict: 'pass', own: [], before: [] },
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
