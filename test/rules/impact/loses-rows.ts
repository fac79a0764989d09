// The rule `loses-rows`.
import { describe, expect, test } from '@jest/globals'
import type { Lost } from '../../../src/impact/facts.js'
import { filled, hold, impactFindings, impactOf, table, update, work } from '../recorded-impact.js'

const relations = [table('orders')]
const UP = ['SELECT 1', 'ALTER TABLE orders DROP COLUMN state']
const holds = [hold('orders', 'ACCESS EXCLUSIVE', { from: 2 })]
const lost = (change: Partial<Lost>): Lost => ({
  relation: 'orders',
  what: 'rows',
  count: 20_000,
  how: 'dropped',
  ...change,
})

describe('loses-rows', () => {
  test.each<[string, readonly Lost[], string]>([
    ['a dropped table', [lost({}), lost({ what: 'values', column: 'state' })], '20,000 rows are dropped'],
    ['TRUNCATE', [lost({ how: 'truncated' })], '20,000 rows are removed by TRUNCATE'],
    ['many deleted rows', [lost({ how: 'deleted', count: 2_500 })], '2,500 rows are deleted'],
    [
      'dropped columns',
      [lost({ what: 'values', column: 'state', count: 1 }), lost({ what: 'values', column: 'note' })],
      'the values of state (1 value), note (20,000 values) are dropped',
    ],
    ['a sequence', [lost({ what: 'position', how: 'reset' })], 'the position of the sequence (20,000) is lost'],
  ])('%s', (_, losses, words) => {
    expect(impactOf({ up: UP, impact: { relations, holds, lost: losses } })).toEqual([
      `warning loses-rows 00002_a.up.sql:2:1 orders: ${words}, and no down gets them from anywhere`,
    ])
  })

  test('values that a new type changes', () => {
    const impact = {
      relations,
      rewritten: [{ ...work('orders', 'ACCESS EXCLUSIVE', 2), rows: 10 }],
      lost: [lost({ what: 'values', column: 'state', how: 'changed', count: 3 })],
    }
    expect(impactFindings({ up: UP, impact }).map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warning orders: the values of state (3 values) are changed, and no down gets them from anywhere',
    ])
  })

  test('a few deleted rows are a note', () => {
    const impact = { relations, lost: [lost({ how: 'deleted', count: 12 })] }
    expect(impactFindings({ up: UP, impact }).map(({ level }) => level)).toEqual(['note'])
  })

  test('made-up rows are not counted', () => {
    const impact = { relations: [filled('orders')], holds, lost: [lost({ what: 'values', column: 'state' })] }
    expect(impactFindings({ up: UP, impact }).map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warning orders: the values of state are dropped, and no down gets them from anywhere',
    ])
  })

  test.each([
    ['nothing was there', { relations, lost: [lost({ count: 0 })] }],
    [
      'what an UPDATE changes is what it is for',
      {
        relations,
        changed: [update('orders', 5, 2)],
        lost: [lost({ what: 'values' as const, how: 'changed' as const, column: 'state' })],
      },
    ],
  ])('%s: nothing', (_, impact) => {
    expect(impactOf({ up: UP, impact })).toEqual([])
  })
})
