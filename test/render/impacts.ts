// The facts of a script with every word that they can have.
import type { Impact, MigrationImpact } from '../../src/impact/facts.js'
import { LOCK_MODES } from '../../src/impact/lock-modes.js'
import { NOTHING } from '../../src/impact/not-watched.js'

const KINDS = [
  'table',
  'partitioned table',
  'index',
  'view',
  'materialized view',
  'sequence',
  'foreign table',
  'table',
] as const
const SOURCES = ['migrations', 'fixtures', 'made up', 'live', 'none'] as const
const LABELS = ['measured', 'scaled', 'known'] as const
const work = { relation: 'orders', rows: 20_000, statement: 1, under: 'SHARE' } as const

const up: Impact = {
  ...NOTHING,
  statements: [
    {
      number: 1,
      transaction: 1,
      place: { file: 'migrations/core_db/00001_a.sql', line: 2, column: 1 },
      head: 'CREATE INDEX',
      milliseconds: 1.5,
    },
  ],
  relations: SOURCES.map((source, at) => ({ relation: `r${at}`, kind: KINDS[at] ?? 'table', rows: at, source })),
  holds: LOCK_MODES.map((mode, at) => ({
    relation: `r${at}`,
    kind: KINDS[at] ?? 'table',
    mode,
    from: 1,
    until: 1,
    label: LABELS[at % LABELS.length] ?? 'measured',
  })),
  rewritten: [work],
  scanned: [{ ...work, times: 1, read: 20_000 }],
  built: (['built', 'rebuilt'] as const).map((what) => ({ ...work, index: 'i', what, unique: what === 'built' })),
  changed: [{ ...work, inserted: 0, updated: 0, deleted: 20_000, truncated: true, together: true }],
  refused: ['insert orders'],
  broken: [{ client: 'select orders', relation: 'orders', sqlstate: '42703', message: 'column "a" does not exist' }],
  answers: [{ client: 'insert orders', relation: 'orders', what: 'the default is another one' }],
  access: [{ relation: 'orders', what: 'app may SELECT from orders', role: 'app' }],
  lost: (['dropped', 'deleted', 'truncated', 'changed', 'reset'] as const).map((how, at) => ({
    relation: 'orders',
    column: 'a',
    what: (['rows', 'values', 'position'] as const)[at] ?? 'rows',
    count: 1,
    how,
  })),
  left: (['invalid index', 'constraint not validated', 'trigger off'] as const).map((what) => ({
    what,
    name: 'x',
    relation: 'orders',
  })),
  unindexed: [{ constraint: 'k', relation: 'orders', columns: ['a'], referenced: 'users' }],
  order: [{ first: 'orders', second: 'users', statement: 1 }],
  failsOnRows: { sqlstate: '23505', message: 'duplicate', relation: 'orders', key: 'a', count: 2, source: 'live' },
  notJudged: ['too many statements'],
  lockTimeout: false,
}

export const everyImpact: MigrationImpact = {
  up,
  down: { ...NOTHING, notRestored: up.lost, lockTimeout: true },
  dataSet: true,
}
