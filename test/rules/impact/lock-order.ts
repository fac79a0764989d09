// The rule `lock-order`.
import { describe, expect, test } from '@jest/globals'
import { impactFindings, impactOf } from '../recorded-impact.js'

describe('lock-order', () => {
  const pair = { first: 'users', second: 'orders', statement: 2 }

  test('the statement that locks the second one; more pairs are counted', () => {
    const up = ['ALTER TABLE users ADD a int', 'ALTER TABLE orders ADD a int']
    expect(impactOf({ up, impact: { order: [pair] } })).toEqual([
      'note lock-order 00002_a.up.sql:2:1 users, orders: locked one after the other: a client that takes them the other way round ends in a deadlock',
    ])
    const [found] = impactFindings({ up, impact: { order: [pair, pair, pair] } })
    expect(found?.message).toMatch(/deadlock; 2 more such pairs$/)
  })

  test('one table: nothing', () => {
    expect(impactOf({ impact: { order: [] } })).toEqual([])
  })
})
