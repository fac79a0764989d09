// The rule `opens-access`.
import { describe, expect, test } from '@jest/globals'
import { impactOf, table } from '../recorded-impact.js'

describe('opens-access', () => {
  test('rights of a relation, and of none', () => {
    const access = [
      { relation: 'orders', what: 'PUBLIC may SELECT from orders' },
      { relation: 'orders', what: 'PUBLIC may DELETE from orders' },
      { what: 'PUBLIC may run total(integer)' },
    ]
    expect(impactOf({ impact: { relations: [table('orders')], access } })).toEqual([
      'warning opens-access 00002_a.up.sql:1:1 orders: allowed now, refused before: PUBLIC may SELECT from orders; PUBLIC may DELETE from orders',
      'warning opens-access 00002_a.up.sql:1:1 allowed now, refused before: PUBLIC may run total(integer)',
    ])
  })

  test('a role that is given a right by name is a note', () => {
    const access = [{ relation: 'orders', what: 'app may SELECT from orders', role: 'app' }]
    expect(impactOf({ impact: { relations: [table('orders')], access } })).toEqual([
      'note opens-access 00002_a.up.sql:1:1 orders: allowed now, refused before: app may SELECT from orders',
    ])
  })

  test('what a down gives was there before: nothing', () => {
    expect(impactOf({ downImpact: { access: [{ what: 'PUBLIC may SELECT from orders' }] } })).toEqual([])
  })
})
