// The rule `lock-held`.
import { describe, expect, test } from '@jest/globals'
import type { Impact } from '../../../src/impact/facts.js'
import { apart, build, filled, hold, impactFindings, impactOf, inOne, scan, table, update } from '../recorded-impact.js'

const relations = [table('users'), table('items')]
const UP = ['ALTER TABLE users ADD COLUMN a int', 'SELECT 1', 'SELECT count(*) FROM items']
const users = hold('users', 'ACCESS EXCLUSIVE')

describe('lock-held', () => {
  test.each<[string, Partial<Impact>, string]>([
    ['another table is read', { scanned: [scan('items', 'ACCESS SHARE', 3)] }, 'items is read whole'],
    ['another table is changed', { changed: [update('items', 1_500, 3)] }, '1,500 rows of items are updated'],
    [
      'its own rows are changed',
      { changed: [update('users', 1_500, 3, 'ACCESS EXCLUSIVE')] },
      '1,500 rows of it are updated',
    ],
    [
      'an index of another table is built',
      { built: [build('items', 'i', 'SHARE UPDATE EXCLUSIVE', 3)] },
      'an index of items is built',
    ],
  ])('%s', (_, facts, done) => {
    expect(impactOf({ up: UP, impact: { relations, holds: [users], ...facts } })).toContain(
      `warning lock-held 00002_a.up.sql:1:1 users: reads and writes wait behind an ACCESS EXCLUSIVE lock until the end of the script (2 more statements), while ${done}`,
    )
  })

  test('a statement that runs long', () => {
    const statements = inOne(UP).map((one) => ({
      ...one,
      milliseconds: one.number === 2 ? 2_345 : 1,
    }))
    expect(impactOf({ up: UP, impact: { relations, holds: [users], statements } })).toEqual([
      'warning lock-held 00002_a.up.sql:1:1 users: reads and writes wait behind an ACCESS EXCLUSIVE lock until the end of the script (2 more statements), while statement 2 runs for 2.3 s',
    ])
  })

  test('both tables have their own finding where both wait', () => {
    const impact = {
      relations,
      holds: [users, hold('items', 'SHARE', { from: 3 })],
      built: [build('items', 'i', 'SHARE', 3)],
    }
    expect(
      impactFindings({ up: UP, impact }).map(({ rule, message }) => `${rule} ${message.split(':')[0] ?? ''}`),
    ).toEqual(['lock-held users', 'blocking-index-build items'])
  })

  test.each<[string, Partial<Impact>]>([
    ['a moment, without work', {}],
    [
      'work before the lock',
      { holds: [hold('users', 'ACCESS EXCLUSIVE', { from: 3 })], scanned: [scan('items', 'ACCESS SHARE', 2)] },
    ],
    [
      'a lock that ROLLBACK TO gives back',
      { holds: [hold('users', 'ACCESS EXCLUSIVE', { until: 2 })], scanned: [scan('items', 'ACCESS SHARE', 3)] },
    ],
    ['work in the next transaction', { statements: apart(UP), scanned: [scan('items', 'ACCESS SHARE', 3)] }],
    ['few rows changed', { changed: [update('items', 999, 3)] }],
    [
      'a table that is gone afterwards',
      {
        scanned: [scan('items', 'ACCESS SHARE', 3)],
        broken: [{ client: 'select users', relation: 'users', sqlstate: '42P01', message: '' }],
      },
    ],
    [
      'one statement that locks both: each has its own',
      { scanned: [scan('users', 'SHARE ROW EXCLUSIVE'), scan('items', 'SHARE ROW EXCLUSIVE')] },
    ],
    [
      'an index that is locked',
      {
        holds: [hold('users_pkey', 'ACCESS EXCLUSIVE', { kind: 'index' })],
        scanned: [scan('items', 'ACCESS SHARE', 3)],
      },
    ],
  ])('%s: nothing', (_, facts) => {
    const found = impactFindings({ up: UP, impact: { relations, holds: [users], ...facts } })
    expect(found.filter(({ rule }) => rule === 'lock-held')).toEqual([])
  })

  test('a table of any size is locked: others wait for what is large', () => {
    const impact = {
      relations: [table('users', { rows: 3 }), table('items')],
      holds: [users],
      scanned: [scan('items', 'ACCESS SHARE', 3)],
    }
    expect(impactFindings({ up: UP, impact }).map(({ rule }) => rule)).toEqual(['lock-held'])
  })

  test('readers of a materialized view wait while it is filled, and only they', () => {
    const totals = table('totals', { kind: 'materialized view', rows: 10, source: 'none' })
    const found = (mode: 'ACCESS EXCLUSIVE' | 'EXCLUSIVE'): readonly string[] =>
      impactOf({
        up: ['REFRESH MATERIALIZED VIEW totals'],
        impact: {
          relations: [totals, table('items')],
          holds: [hold('totals', mode, { kind: 'materialized view' })],
          scanned: [scan('items', 'ACCESS SHARE')],
        },
        dataSet: true,
      })
    expect(found('ACCESS EXCLUSIVE')).toEqual([
      'warning lock-held 00002_a.up.sql:1:1 totals: reads wait behind an ACCESS EXCLUSIVE lock until the end of the script, while items is read whole',
    ])
    expect(found('EXCLUSIVE')).toEqual([])
  })

  test('made-up rows beside rows of the migrations are a note', () => {
    const impact = {
      relations: [table('users'), filled('items')],
      holds: [users],
      scanned: [scan('items', 'ACCESS SHARE', 3)],
    }
    expect(impactFindings({ up: UP, impact, dataSet: true }).map(({ level }) => level)).toEqual(['note'])
  })
})
