// The rule `down-fails-on-rows`.
import { describe, expect, test } from '@jest/globals'
import type { RowFailure } from '../../../src/impact/facts.js'
import { filled, impactFindings, impactOf } from '../recorded-impact.js'

const failsOnRows: RowFailure = {
  sqlstate: '23502',
  message: 'column "state" of relation "orders" contains null values',
  relation: 'orders',
  column: 'state',
  statement: 1,
  source: 'made up',
}

describe('down-fails-on-rows', () => {
  test('an error, although it is a down', () => {
    const down = ['ALTER TABLE orders ADD COLUMN state text NOT NULL']
    const downImpact = { relations: [filled('orders')], failsOnRows }
    expect(impactOf({ down, downImpact })).toEqual([
      'error down-fails-on-rows 00002_a.down.sql:1:1 orders: fails on any row: rows would have NULL in state, which is required (SQLSTATE 23502)',
    ])
    expect(impactFindings({ down, downImpact })[0]?.fix).toContain('of the down')
  })

  test('a down that runs: nothing', () => {
    expect(impactOf({ downImpact: { relations: [filled('orders')] } })).toEqual([])
  })
})
