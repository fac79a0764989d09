// What becomes of the author's statements around one for which clients wait.
import { describe, expect, test } from '@jest/globals'
import { onlineDown } from '../../../src/impact/online/online-down.js'
import type { AuthorStatement, StatementEffect } from '../../../src/impact/online/online-migration.js'
import { isSetting, onlineWay } from '../../../src/impact/online/online-way.js'

type Row = readonly [kind: string, identity: string, definition: Readonly<Record<string, unknown>>]

const orders = (...more: readonly Row[]): ReadonlyMap<string, string> =>
  new Map([
    [
      'relation public.orders',
      JSON.stringify([
        ['table', 'public.orders', { owner: 'me' }],
        ['column', 'public.orders.id', { type: 'integer' }],
        ['column', 'public.orders.state', { type: 'text' }],
        ...more,
      ]),
    ],
  ])

const INDEX: Row = [
  'index',
  'public.orders_state',
  { def: 'CREATE INDEX orders_state ON public.orders USING btree (state)' },
]

const effect: StatementEffect = {
  before: orders(),
  after: orders(INDEX),
  fates: new Map(),
  rows: 'still',
  rewritten: [],
  rebuilt: [],
  partitionConditions: new Map(),
}

const wayOf = (...statements: readonly (string | AuthorStatement)[]): readonly string[] | undefined =>
  onlineWay(statements.map((one) => (typeof one === 'string' ? { text: one } : one)))?.map(
    ({ up, transaction }) => `${transaction}: ${up.join('; ')}`,
  )

const waits: AuthorStatement = { text: 'CREATE INDEX orders_state ON orders (state)', effect }
const ONLINE = 'none: CREATE INDEX CONCURRENTLY orders_state ON public.orders USING btree (state)'

describe('statements that keep their text', () => {
  test('stay in front and behind, together', () => {
    expect(wayOf('SELECT 1', 'SELECT 2', waits, 'SELECT 3')).toEqual([
      'wrapped: SELECT 1; SELECT 2',
      ONLINE,
      'wrapped: SELECT 3',
    ])
  })

  test('a BEGIN and COMMIT around all of it is left out', () => {
    expect(wayOf('BEGIN', waits, 'COMMIT')).toEqual([ONLINE])
    expect(wayOf('SELECT 1', 'COMMIT', waits)).toBeUndefined()
  })

  test('each migration gets the settings up to it, and none is there for these alone', () => {
    expect(wayOf('SET LOCAL lock_timeout = 1', waits, 'SELECT 1', 'SET search_path = app', 'SELECT 2', waits)).toEqual([
      ONLINE,
      'wrapped: SET LOCAL lock_timeout = 1; SELECT 1; SET search_path = app; SELECT 2',
      ONLINE,
    ])
  })

  test('what is long behind a lock is on its own', () => {
    expect(wayOf('SELECT 1', { text: 'SELECT 2', apart: true }, 'SELECT 3')).toEqual([
      'wrapped: SELECT 1',
      'wrapped: SELECT 2',
      'wrapped: SELECT 3',
    ])
  })

  test('what refuses a transaction is alone', () => {
    expect(wayOf('VACUUM orders', waits)).toEqual(['none: VACUUM orders', ONLINE])
  })
})

describe('no way', () => {
  test.each<[string, readonly (string | AuthorStatement)[]]>([
    ['where no client waits', ['SELECT 1']],
    ['around a lock that is asked for', ['LOCK TABLE orders', waits]],
    ['between savepoints', ['SAVEPOINT a', waits, 'RELEASE a']],
    ['with rows that the statement writes as well', [{ ...waits, effect: { ...effect, rows: 'moved' } }]],
    [
      'where the catalogue stays the same, and the reason is not known',
      [{ ...waits, effect: { ...effect, after: effect.before } }],
    ],
    [
      'where a table is written again without a new column',
      [{ ...waits, effect: { ...effect, rewritten: ['orders'] } }],
    ],
    ['where a sequence gets another position', [{ ...waits, text: "DO $$ BEGIN PERFORM setval('a', 1); END $$" }]],
  ])('%s', (_why, statements) => {
    expect(wayOf(...statements)).toBeUndefined()
  })
})

test('an index that is built or dropped alone lets clients go on in the down as well', () => {
  expect(onlineDown(['DROP INDEX public.a'], 'none')).toEqual(['DROP INDEX CONCURRENTLY public.a'])
  expect(onlineDown(['CREATE UNIQUE INDEX a ON b USING btree (c)'], 'none')).toEqual([
    'CREATE UNIQUE INDEX CONCURRENTLY a ON b USING btree (c)',
  ])
  expect(onlineDown(['DROP INDEX public.a'], 'wrapped')).toEqual(['DROP INDEX public.a'])
  expect(onlineDown(['DROP INDEX public.a', 'DROP INDEX public.b'], 'none')).toHaveLength(2)
})

test('settings of the session', () => {
  expect(
    ['SET a = 1', 'set local a to 1', 'RESET a', "SELECT pg_catalog.set_config('a', '', false)"].every(isSetting),
  ).toBe(true)
  expect(['SET CONSTRAINTS ALL DEFERRED', 'SELECT 1', ''].some(isSetting)).toBe(false)
})
