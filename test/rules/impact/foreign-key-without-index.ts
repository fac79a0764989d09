// The rule `foreign-key-without-index`.
import { describe, expect, test } from '@jest/globals'
import { impactFindings, impactOf, scan, table, update } from '../recorded-impact.js'

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
    [100, ['note']],
    [9, []],
  ])('a table that a cascade reads %i times', (times, levels) => {
    const impact = {
      relations: [table('items')],
      changed: [{ ...update('orders', 0), deleted: 100 }],
      scanned: [{ ...scan('items', 'ROW EXCLUSIVE'), times, read: 20_000 * times }],
    }
    const found = impactFindings({ up: ['DELETE FROM orders'], impact })
    expect(found.map(({ level }) => level)).toEqual(levels)
    if (levels.length > 0)
      expect(found[0]?.message).toBe(
        'items: it is read whole 100 times while rows of orders are changed: no index serves their foreign key',
      )
  })

  test.each([
    ['a new table', []],
    ['a small table', [table('items', { rows: 999 })]],
  ])('%s: nothing', (_, relations) => {
    expect(impactOf({ impact: { relations, unindexed } })).toEqual([])
  })
})
