// What is watched, and what counts, where a check compares with nothing.
import { expect, test } from '@jest/globals'
import { systemClock } from '../../src/adapters/host/clock.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { createRepository } from '../../src/adapters/host/git/repository.js'
import { check } from '../../src/commands/check/check.js'
import { olderFindings, olderTitle } from '../../src/render/words/check.js'
import type { Report } from '../../src/report/check-report.js'
import type { CheckRequest } from '../../src/requests/request.js'
import { checkRequest, lent } from '../support/check.js'
import { GIT_ENVIRONMENT, makeRepo } from '../support/git.js'
import { serverForTests } from '../support/live.js'
import { NOTHING } from '../support/nothing.js'

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
    return await check(checkRequest({ ...request, proof: 'guided', impact: 'facts' }), {
      ...NOTHING,
      clock: systemClock,
      startServer: () => Promise.resolve(lent(live.server)),
      files: createFiles(repo.path),
      repository: createRepository({ root: repo.path, environment: GIT_ENVIRONMENT }),
    })
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
