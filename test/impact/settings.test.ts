// What the config says about the impact: rows of the user, which rows are made up, the time zone, levels, and what is ignored.
import { expect, test } from '@jest/globals'
import type { Impact } from '../../src/impact/facts.js'
import type { Report } from '../../src/report/check-report.js'
import { checkRepo } from '../support/check-repo.js'
import { makeRepo } from '../support/git.js'
import { serverForTests } from '../support/live.js'

const live = serverForTests()

const BASE = {
  'migrations/app/00001_m.up.sql':
    'CREATE TABLE orders (id int PRIMARY KEY, state text, made timestamp DEFAULT now());\n',
  'migrations/app/00001_m.down.sql': 'DROP TABLE orders;\n',
}
const ROWS = `INSERT INTO orders SELECT n, CASE WHEN n > 1990 THEN NULL ELSE 'open' END FROM generate_series(1, 2000) n;\n`
const REQUIRE = 'ALTER TABLE orders ALTER state SET NOT NULL;'
const ZONES = 'ALTER TABLE orders ALTER made TYPE timestamptz;'

/** The report about a change that adds one migration. */
async function reportOf(up: string, files: Readonly<Record<string, string>>): Promise<Report> {
  const repo = makeRepo({ ...BASE, ...files })
  try {
    repo.write({ 'migrations/app/00002_m.up.sql': `${up}\n`, 'migrations/app/00002_m.down.sql': 'SELECT 1;\n' })
    return await checkRepo(repo, live.server)
  } finally {
    repo.remove()
  }
}

const ABOUT = new Set(['fails-on-rows', 'table-rewrite', 'blocking-scan', 'no-lock-timeout'])
const said = ({ findings }: Report): readonly string[] =>
  findings.filter(({ rule }) => ABOUT.has(rule)).map(({ level, rule }) => `${level} ${rule}`)

const config = (impact: string): Readonly<Record<string, string>> => ({ 'migration-gate.yml': `impact: ${impact}\n` })

test.each([
  ['the defaults', REQUIRE, '{}', ['warning blocking-scan', 'warning fails-on-rows', 'note no-lock-timeout']],
  ['no awkward rows', REQUIRE, '{ fill: structure }', ['warning blocking-scan', 'note no-lock-timeout']],
  ['no made-up rows', REQUIRE, '{ fill: off }', []],
  ['a lower level', REQUIRE, '{ level: note, fill: structure }', ['note blocking-scan', 'note no-lock-timeout']],
  ['no level', REQUIRE, '{ level: off }', []],
  ['an ignored table', REQUIRE, '{ ignore: [ord*] }', []],
  ['another table is ignored', ZONES, '{ ignore: [audit.orders], fill: structure }', ['note no-lock-timeout']],
  ['a time zone', ZONES, '{ timezone: Europe/Berlin }', ['error table-rewrite', 'note no-lock-timeout']],
] as const)('%s', async (_, up, impact, expected) => {
  expect(said(await reportOf(up, config(impact)))).toEqual(expected)
})

test('rows of the user are real: what fails on them is certain, and nothing is made up', async () => {
  const files = { ...config('{ fixtures: rows }'), 'rows/orders.sql': ROWS }
  const [fails, runs] = await Promise.all([reportOf(REQUIRE, files), reportOf(ZONES, files)])
  const impactIn = ({ databases }: Report): Impact | undefined => databases[0]?.migrations.at(-1)?.impact?.up
  expect(said(fails)).toContain('error fails-on-rows')
  expect(impactIn(fails)?.failsOnRows).toMatchObject({ source: 'fixtures', count: 10 })
  expect(impactIn(runs)?.relations[0]).toMatchObject({ relation: 'orders', rows: 2000, source: 'fixtures' })
})

test('a fixture that fails is a problem with its place, and the others run', async () => {
  const files = { 'rows/1.sql': 'SELECT 1;\nSELEC 1;\n', 'rows/2.sql': ROWS }
  const report = await reportOf(REQUIRE, { ...config('{ fixtures: rows }'), ...files })
  expect(report.problems.map(({ what }) => what)).toEqual([
    'The fixture rows/1.sql:2:1: syntax error at or near "SELEC" (SQLSTATE 42601)',
  ])
  expect(said(report)).toContain('error fails-on-rows')
})
