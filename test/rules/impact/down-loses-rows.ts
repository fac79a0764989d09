// The rule `down-loses-rows`.
import { describe, expect, test } from '@jest/globals'
import { filled, impactOf, table } from '../recorded-impact.js'

describe('down-loses-rows', () => {
  const relations = [table('orders')]

  test('what the up changed and the down leaves', () => {
    const notRestored = [
      { relation: 'orders', column: 'state', what: 'values' as const, count: 5, how: 'changed' as const },
    ]
    expect(impactOf({ downImpact: { relations, notRestored } })).toEqual([
      'note down-loses-rows 00002_a.down.sql:1:1 orders: after up and down, the values of state (5 values) are changed',
    ])
  })

  test('rows of the fill are not counted, also where the table is gone', () => {
    const notRestored = [{ relation: 'orders', what: 'rows' as const, count: 1_000, how: 'dropped' as const }]
    expect(impactOf({ impact: { relations: [filled('orders')] }, downImpact: { notRestored } })).toEqual([
      'note down-loses-rows 00002_a.down.sql:1:1 orders: after up and down, rows are dropped',
    ])
  })

  test('what the down itself drops is what the up made: nothing', () => {
    const lost = [{ relation: 'orders', column: 'state', what: 'values' as const, count: 5, how: 'dropped' as const }]
    expect(impactOf({ downImpact: { relations, lost, notRestored: [] } })).toEqual([])
  })
})
