// The rule `foreign-key-without-index`.
import { describe, expect, test } from '@jest/globals'
import { impactFindings, impactOf, table } from '../recorded-impact.js'

describe('foreign-key-without-index', () => {
  const unindexed = [{ constraint: 'items_order', relation: 'items', columns: ['order_id'], referenced: 'orders' }]

  test('the key of a table with rows, with the index to build', () => {
    const impact = { relations: [table('items')], unindexed }
    expect(impactOf({ impact })).toEqual([
      'note foreign-key-without-index 00002_a.up.sql:1:1 items: no index begins with order_id, so each delete and key update in orders reads the whole table for the foreign key items_order',
    ])
    expect(impactFindings({ impact })[0]?.fix).toContain('CREATE INDEX CONCURRENTLY ON items ("order_id");')
  })

  test.each([
    ['a new table', []],
    ['a small table', [table('items', { rows: 999 })]],
  ])('%s: nothing', (_, relations) => {
    expect(impactOf({ impact: { relations, unindexed } })).toEqual([])
  })
})
