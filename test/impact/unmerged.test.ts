// What is watched, and what counts, where a check compares with nothing.
import { expect, test } from '@jest/globals'
import { olderFindings, olderTitle } from '../../src/render/words/check.js'
import type { Report } from '../../src/report/check-report.js'
import type { CheckRequest } from '../../src/requests/request.js'
import { checkRepo } from '../support/check-repo.js'
import { cloneOf, makeRepo } from '../support/git.js'
import { serverForTests } from '../support/live.js'

const live = serverForTests()

const pair = (version: string, up: string, down: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${version}_m.up.sql`]: `${up}\n`,
  [`migrations/app/${version}_m.down.sql`]: `${down}\n`,
})
const TABLE = 'CREATE TABLE t (id int, made timestamp); INSERT INTO t SELECT n, now() FROM generate_series(1, 5000) n;'
const MERGED = {
  ...pair('00001', TABLE, 'DROP TABLE t;'),
  ...pair('00002', 'CREATE INDEX t_id ON t (id);', 'DROP INDEX t_id;'),
  ...pair('00003', 'CREATE INDEX t_made ON t (made);', 'DROP INDEX t_made;'),
}
const NEW = pair('00004', 'ALTER TABLE t ALTER id TYPE bigint;', 'ALTER TABLE t ALTER id TYPE int;')

async function reportOf(
  request: Pick<CheckRequest, 'scope' | 'against'>,
  files: Readonly<Record<string, string>> = NEW,
): Promise<Report> {
  const repo = makeRepo(MERGED)
  try {
    repo.write(files)
    return await checkRepo(repo, live.server, request)
  } finally {
    repo.remove()
  }
}

const UNASKED = { event: 'nothing', look: 'unmerged' } as const
const said = (findings: Report['findings']): readonly string[] =>
  findings.flatMap(({ migration = '', rule, level }) => (level === 'note' ? [] : [`${migration} ${rule}`]))
const watched = ({ databases }: Report): readonly string[] =>
  databases.flatMap(({ migrations }) => migrations.flatMap(({ id, impact }) => (impact === undefined ? [] : [id])))

test('what is not merged is watched', async () => {
  const report = await reportOf({ scope: undefined, against: UNASKED })
  expect(watched(report)).toEqual(['00004_m'])
  expect(said(report.findings)).toEqual(['00004_m table-rewrite'])
  expect(report.change).toBeUndefined()
})

test('everything is merged: nothing is watched', async () => {
  expect(watched(await reportOf({ scope: undefined, against: UNASKED }, {}))).toEqual([])
})

test('with everything, merged migrations are watched and do not count', async () => {
  const report = await reportOf({ scope: 'all', against: UNASKED })
  expect(watched(report)).toHaveLength(4)
  expect(said(report.findings)).toEqual(['00004_m table-rewrite'])
  expect(olderFindings(report).map(({ finding }) => finding.migration)).toEqual(['00003_m', '00002_m'])
  expect(olderTitle(olderFindings(report), report)).toBe(
    '2 findings about merged migrations (not counted): 2 blocking-index-build',
  )
})

test('compared with nothing on purpose: all count', async () => {
  const report = await reportOf({ scope: 'all', against: { event: 'nothing' } })
  expect(said(report.findings)).toEqual([
    '00004_m table-rewrite',
    '00002_m blocking-index-build',
    '00003_m blocking-index-build',
  ])
})

test('a shallow clone is not made deeper: a check that compares with nothing fetches nothing', async () => {
  const origin = makeRepo(MERGED)
  origin.commit({ 'README.md': 'text' })
  const clone = cloneOf(origin, ['--depth=1'])
  try {
    clone.git('checkout', '--quiet', '--orphan', 'apart')
    clone.commit(NEW)
    const report = await checkRepo(clone, live.server, { scope: undefined, against: UNASKED })
    expect(watched(report)).toEqual([])
    expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('true')
  } finally {
    origin.remove()
    clone.remove()
  }
})
