// Proved online ways of a change: what the report offers, what --fix writes, and that the next check finds no client that waits.
import { expect, test } from '@jest/globals'
import { WAITING_RULES } from '../../../src/impact/judge/effect.js'
import type { OnlineWay, Report } from '../../../src/report/check-report.js'
import { checkRepo } from '../../support/check-repo.js'
import { makeRepo, type Repo } from '../../support/git.js'
import { serverForTests } from '../../support/live.js'

const live = serverForTests()

const BASE = `CREATE TABLE customers (id int PRIMARY KEY, email text);
INSERT INTO customers SELECT n, 'c' || n FROM generate_series(1, 2000) n;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, code text);
INSERT INTO orders SELECT n, n, 'o' || n FROM generate_series(1, 2000) n;
CREATE DOMAIN word AS text;
CREATE TABLE words (id int, word word);
INSERT INTO words SELECT n, 'w' FROM generate_series(1, 2000) n;`

const DROP = 'DROP TABLE words; DROP DOMAIN word; DROP TABLE orders; DROP TABLE customers;'

const LAYOUTS = {
  goose: (id: string, up: string, down: string) => ({
    [`db/${id}.sql`]: `-- +goose Up\n${up}\n\n-- +goose Down\n${down}\n`,
  }),
  pairs: (id: string, up: string, down: string) => ({
    [`db/${id}.up.sql`]: `${up}\n`,
    [`db/${id}.down.sql`]: `${down}\n`,
  }),
}

/** By what a change asks for: its up and its down. */
const CHANGES = {
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
} as const

const WAIVER = `-- migration-gate: allow blocking-index-build until ${new Date(Date.now() + 864e5).toISOString().slice(0, 10)} because few write at night`

const isWaiting = ({ rule }: Report['findings'][number]): boolean => (WAITING_RULES as readonly string[]).includes(rule)

const waits = (report: Report): readonly string[] =>
  report.findings.filter(isWaiting).map(({ rule, migration }) => `${rule} ${migration ?? ''}`)

const checked = (repo: Repo, fix = false): Promise<Report> => checkRepo(repo, live.server, { impact: 'measured', fix })

/** A change by these migrations, behind a base with rows. */
async function inChange<T>(
  layout: keyof typeof LAYOUTS,
  change: readonly (readonly [up: string, down: string])[],
  body: (repo: Repo) => Promise<T>,
): Promise<T> {
  const config = { 'migration-gate.yml': 'databases:\n  app:\n    folder: db\n' }
  const files = LAYOUTS[layout]
  const repo = makeRepo({ ...files('00001_base', BASE, DROP), ...config })
  try {
    for (const [at, [up, down]] of change.entries()) repo.write(files(`0000${at + 2}_change`, up, down))
    return await body(repo)
  } finally {
    repo.remove()
  }
}

const ways = (report: Report): ReadonlyMap<string, OnlineWay> =>
  new Map(
    report.databases.flatMap(({ migrations }) =>
      migrations.flatMap(({ id, online }) => (online ? [[id, online]] : [])),
    ),
  )

const PAIRS = [
  ['an index', 'a required column'],
  ['a foreign key', 'a volatile default'],
] as const

test.each((['goose', 'pairs'] as const).flatMap((layout) => PAIRS.map((whats) => ({ layout, whats }))))(
  '$layout, $whats: each has a proved way, and with --fix no client waits',
  ({ layout, whats }) =>
    inChange(
      layout,
      whats.map((what) => CHANGES[what]),
      async (repo) => {
        const report = await checked(repo, true)
        const names = whats.map((_, at) => `0000${at + 2}_change`)
        const waiting = report.findings.filter(isWaiting)
        expect(new Set(waiting.map(({ migration }) => migration))).toEqual(new Set(names))
        expect(waiting.filter(({ fix }) => !fix.startsWith('-- Proved:'))).toEqual([])
        const paths = [...ways(report).values()].flatMap((way) => way.files.map(({ path }) => path))
        expect(report.fixed?.map(({ file, problem }) => [file, problem])).toEqual(
          paths.map((path) => [path, undefined]),
        )
        expect(new Set(paths).size).toBe(paths.length)
        const again = await checked(repo)
        expect({ waits: waits(again), verdict: again.verdict }).toEqual({ waits: [], verdict: 'pass' })
        expect(again.databases[0]?.migrations.map(({ id }) => id)).toEqual([
          '00001_base',
          ...names,
          ...[...ways(report).values()].flatMap(({ migrations }) => migrations.slice(1)),
        ])
      },
    ),
)

test('what is not equal, or not online, is not offered as proved', () =>
  inChange(
    'goose',
    [
      ["ALTER DOMAIN word ADD CONSTRAINT some CHECK (value <> '');", 'ALTER DOMAIN word DROP CONSTRAINT some;'],
      ['ALTER TABLE orders ALTER COLUMN id TYPE bigint;', 'ALTER TABLE orders ALTER COLUMN id TYPE int;'],
      [
        'ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED;',
        'ALTER TABLE orders DROP COLUMN twice;',
      ],
    ],
    async (repo) => {
      const report = await checked(repo, true)
      expect(waits(report).length).toBeGreaterThan(2)
      expect([...ways(report).keys()]).toEqual([])
      expect(report.findings.filter(({ fix }) => fix.includes('Proved'))).toEqual([])
      expect(report.fixed).toEqual([])
    },
  ))

test('what is waived keeps its files', () =>
  inChange('goose', [[`${WAIVER}\n${CHANGES['an index'][0]}`, 'DROP INDEX orders_code;']], async (repo) => {
    const report = await checked(repo, true)
    expect(report.setAside.filter(isWaiting)).toHaveLength(1)
    expect(report.fixed).toEqual([])
  }))
