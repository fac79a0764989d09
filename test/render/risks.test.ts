// The line that decides about each migration of a change: the same words in the terminal, the comment, the summary and HTML.
import { expect, test } from '@jest/globals'
import { NOTHING, notWatched } from '../../src/impact/not-watched.js'
import type { Impact } from '../../src/impact/facts.js'
import type { Finding } from '../../src/model/finding.js'
import { renderComment } from '../../src/render/markdown/comment.js'
import { renderSummary } from '../../src/render/markdown/check-summary.js'
import { renderHtml } from '../../src/render/html/report.js'
import { renderText } from '../../src/render/text/check.js'
import type { MigrationReport, Report } from '../../src/report/check-report.js'
import { change } from './change-reports.js'
import { database, finding, migration, proof, report } from './reports.js'

const added = (id: string, parts: Partial<MigrationReport> = {}): MigrationReport =>
  migration(id, { scope: 'proved', touched: 'added', impact: { up: NOTHING }, ...parts })

const found = (id: string, rule: string, brief: string, parts: Partial<Finding> = {}): Finding =>
  finding({ database: 'core_db', level: 'warning', migration: id, rule, brief, message: `${brief}, in full`, ...parts })

const risky = (): Report =>
  report({
    change: change(),
    databases: [
      database('core_db', [
        added('00001_safe'),
        added('00002_index'),
        added('00003_gone', { proof: proof({ down: 'failed' }) }),
        added('00004_unseen', { impact: { up: notWatched('the server is too old') } }),
        migration('00000_old', { scope: 'applied', proof: undefined }),
      ]),
    ],
    findings: [
      found('00002_index', 'blocking-index-build', 'orders: writes wait while it is built'),
      found('00002_index', 'fails-on-rows', 'orders: rows with NULL in note'),
      found('00002_index', 'file-size', ''),
      found('00003_gone', 'down-fails', '', { level: 'error' }),
      found('00001_safe', 'changes-clients', 'orders: another default', { level: 'note' }),
    ],
  })

const ROWS = [
  '| ❌ | `core_db` `00003_gone` | **cannot be rolled back** |',
  '| ⚠️ | `core_db` `00002_index` | **fails on rows**: orders: rows with NULL in note<br>**waits**: orders: writes wait while it is built<br>**1 other problem** |',
  '| ✅ | `core_db` `00001_safe` | **safe**: 1 note |',
  '| ✅ | `core_db` `00004_unseen` | **proved, not all of it judged** |',
].join('\n')

test('the comment and the summary begin with a line for each migration, the worst first', () => {
  for (const page of [renderComment(risky(), { limit: 60_000 }).body, renderSummary(risky())]) {
    expect(page).toContain(ROWS)
    expect(page.indexOf(ROWS)).toBeLessThan(page.indexOf('| database'))
  }
})

test('the terminal and the HTML report have the same words', () => {
  const text = renderText(risky(), { width: 120, colour: false, verbosity: 'normal' })
  expect(text).toMatch(
    /00003_gone +cannot be rolled back\n +00002_index +fails on rows +orders: rows with NULL in note\n/,
  )
  expect(text).toMatch(
    /\n +waits +orders: writes wait while it is built\n +1 other problem\n +00001_safe +safe +1 note\n/,
  )
  const page = renderHtml(risky())
  expect(page).toContain('<b>waits</b>: orders: writes wait while it is built')
})

test('where nothing was watched there is no such line', () => {
  const blind = report({
    change: change(),
    databases: [database('core_db', [migration('00001_safe', { scope: 'proved', touched: 'added' })])],
  })
  expect(renderComment(blind, { limit: 60_000 }).body).not.toContain('in a database with rows and clients')
  expect(renderText(blind, { width: 120, colour: false, verbosity: 'normal' })).not.toMatch(/_safe +safe/)
})

test('without a base, what was watched has a line where it has a risk', () => {
  const { databases, change: _change, ...rest } = risky()
  const untouched = databases.map((one) => ({
    ...one,
    migrations: one.migrations.map(({ touched: _touched, ...parts }) => parts),
  }))
  const text = renderText({ ...rest, databases: untouched }, { width: 120, colour: false, verbosity: 'normal' })
  expect(text).toMatch(/00002_index +fails on rows/)
  expect(text).not.toMatch(/00001_safe +safe/)
})

test('what changes rows, but none of the made-up ones, is not called safe', () => {
  const up: Impact = {
    ...NOTHING,
    relations: [{ relation: 'orders', kind: 'table', rows: 1000, source: 'made up' }],
    holds: [{ relation: 'orders', kind: 'table', mode: 'ROW EXCLUSIVE', from: 1, label: 'measured' }],
  }
  const backfill = report({
    change: change(),
    databases: [database('core_db', [added('00001_fill', { impact: { up } })])],
  })
  const text = renderText(backfill, { width: 120, colour: false, verbosity: 'normal' })
  expect(text).toMatch(/proved, not all of it judged +no made-up row of orders is one that it changes/)
})
