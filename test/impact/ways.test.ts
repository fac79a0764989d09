// Proved online ways of a change: what the report offers, what --fix writes, and that the next check finds no client that waits.
import { describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/adapters/host/clock.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { createRepository } from '../../src/adapters/host/git/repository.js'
import { check } from '../../src/commands/check/check.js'
import { WAITING_RULES } from '../../src/impact/judge/effect.js'
import type { Report } from '../../src/report/check-report.js'
import { checkRequest, lent } from '../support/check.js'
import { GIT_ENVIRONMENT, makeRepo, type Repo } from '../support/git.js'
import { serverForTests } from '../support/live.js'
import { NOTHING } from '../support/nothing.js'

const live = serverForTests()

const BASE = `CREATE TABLE customers (id int PRIMARY KEY, email text);
INSERT INTO customers SELECT n, 'c' || n FROM generate_series(1, 2000) n;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, code text);
INSERT INTO orders SELECT n, n, 'o' || n FROM generate_series(1, 2000) n;
CREATE DOMAIN word AS text;
CREATE TABLE words (id int, word word);
INSERT INTO words SELECT n, 'w' FROM generate_series(1, 2000) n;`

const DROP = 'DROP TABLE words; DROP DOMAIN word; DROP TABLE orders; DROP TABLE customers;'

type Layout = (id: string, up: string, down: string) => Readonly<Record<string, string>>

const LAYOUTS: Readonly<Record<string, Layout>> = {
  goose: (id, up, down) => ({ [`db/${id}.sql`]: `-- +goose Up\n${up}\n\n-- +goose Down\n${down}\n` }),
  pairs: (id, up, down) => ({ [`db/${id}.up.sql`]: `${up}\n`, [`db/${id}.down.sql`]: `${down}\n` }),
}

/** By what a change asks for: its up and its down. */
const CHANGES: Readonly<Record<string, readonly [up: string, down: string]>> = {
  'an index': ['CREATE INDEX orders_code ON orders (code);', 'DROP INDEX orders_code;'],
  'a required column': [
    'ALTER TABLE orders ALTER COLUMN code SET NOT NULL;',
    'ALTER TABLE orders ALTER COLUMN code DROP NOT NULL;',
  ],
  'a foreign key': [
    'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customers;',
    'ALTER TABLE orders DROP CONSTRAINT orders_customer;',
  ],
  'a volatile default': [
    'ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();',
    'ALTER TABLE orders DROP COLUMN token;',
  ],
}

const isWaiting = ({ rule }: Report['findings'][number]): boolean => (WAITING_RULES as readonly string[]).includes(rule)

const waits = (report: Report): readonly string[] =>
  report.findings.filter(isWaiting).map(({ rule, migration }) => `${rule} ${migration ?? ''}`)

const checked = (repo: Repo, fix = false): Promise<Report> =>
  check(
    checkRequest({
      against: { event: 'asked', name: 'main' },
      scope: 'changed',
      proof: 'guided',
      impact: 'measured',
      fix,
    }),
    {
      ...NOTHING,
      clock: systemClock,
      startServer: () => Promise.resolve(lent(live.server)),
      files: createFiles(repo.path),
      repository: createRepository({ root: repo.path, environment: GIT_ENVIRONMENT }),
    },
  )

/** A change by this migration, behind a base with rows. */
async function inChange<T>(
  files: Layout,
  [up, down]: readonly [string, string],
  body: (repo: Repo) => Promise<T>,
): Promise<T> {
  const repo = makeRepo({
    ...files('00001_base', BASE, DROP),
    'migration-gate.yml': 'databases:\n  app:\n    folder: db\n',
  })
  try {
    repo.write(files('00002_change', up, down))
    return await body(repo)
  } finally {
    repo.remove()
  }
}

describe.each(Object.entries(LAYOUTS))('%s', (_, files) => {
  test.each(Object.entries(CHANGES))('%s has a proved way, and --fix writes it', (_what, change) =>
    inChange(files, change, async (repo) => {
      const report = await checked(repo, true)
      expect(waits(report)).toHaveLength(1)
      const [finding] = report.findings.filter(isWaiting)
      const way = report.databases[0]?.migrations.at(-1)?.online
      expect(finding?.fix).toContain('Proved:')
      expect(report.fixed?.map(({ file, problem }) => [file, problem])).toEqual(
        way?.files.map(({ path }) => [path, undefined]),
      )
      const again = await checked(repo)
      expect({ waits: waits(again), verdict: again.verdict }).toEqual({ waits: [], verdict: 'pass' })
      expect(again.databases[0]?.migrations.map(({ id }) => id)).toEqual(['00001_base', ...(way?.migrations ?? [])])
    }),
  )
})
