// A proved online way of a change, by the command: what the report offers and --fix writes.
import { expect, test } from '@jest/globals'
import type { Report } from '../../src/report/check-report.js'
import { checkRepo } from '../support/check-repo.js'
import { makeRepo, type Repo } from '../support/git.js'
import { serverForTests } from '../support/live.js'

const live = serverForTests()

const migration = (name: string, up: string, down: string): Record<string, string> => ({
  [`db/${name}.sql`]: `-- +goose Up\n${up}\n\n-- +goose Down\n${down}\n`,
})

const BASE = `CREATE TABLE orders (id int PRIMARY KEY, code text);
INSERT INTO orders SELECT n, 'o' || n FROM generate_series(1, 2000) n;`

const checked = (repo: Repo, fix: boolean): Promise<Report> => checkRepo(repo, live.server, { impact: 'measured', fix })

test('a required column: the files of its way are proved and written, and then no client waits', async () => {
  const repo = makeRepo({
    ...migration('00001_base', BASE, 'DROP TABLE orders;'),
    'migration-gate.yml': 'databases:\n  app:\n    folder: db\n',
  })
  try {
    repo.write(
      migration(
        '00002_code',
        'ALTER TABLE orders ALTER COLUMN code SET NOT NULL;',
        'ALTER TABLE orders ALTER COLUMN code DROP NOT NULL;',
      ),
    )
    const report = await checked(repo, true)
    const [first] = report.findings.filter(({ rule }) => rule === 'blocking-scan')
    expect(first?.fix).toMatch(/^-- Proved: [^]*NOT VALID[^]*VALIDATE CONSTRAINT/)
    expect(report.fixed?.map(({ file, problem }) => [file, problem])).toEqual([
      ['db/00002_code.sql', undefined],
      ['db/00003_orders_code_not_null.sql', undefined],
    ])
    const again = await checked(repo, false)
    expect(again.findings.filter(({ rule }) => rule === 'blocking-scan')).toEqual([])
    expect(again.verdict).toBe('pass')
  } finally {
    repo.remove()
  }
})
