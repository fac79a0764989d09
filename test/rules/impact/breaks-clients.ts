// The rule `breaks-clients`.
import { describe, expect, test } from '@jest/globals'
import type { Broken } from '../../../src/impact/facts.js'
import { filled, hold, impactFindings, impactOf, table } from '../recorded-impact.js'

const UP = ['SELECT 1', 'ALTER TABLE orders RENAME COLUMN state TO status']
const holds = [hold('orders', 'ACCESS EXCLUSIVE', { from: 2 })]
const gone = (verb: string): Broken => ({
  client: `${verb} orders`,
  relation: 'orders',
  sqlstate: '42703',
  message: 'column "state" does not exist',
})

describe('breaks-clients', () => {
  test('one finding for a table, with the reasons', () => {
    const required = { ...gone('insert'), sqlstate: '23502', message: 'null value in column "b" of relation "orders"' }
    const broken = [gone('select'), gone('update'), required]
    expect(impactOf({ up: UP, impact: { relations: [table('orders')], holds, broken } })).toEqual([
      'warning breaks-clients 00002_a.up.sql:2:1 orders: the server refuses what it took before: select, update: column "state" does not exist (SQLSTATE 42703); insert: null value in column "b" of relation "orders" (SQLSTATE 23502)',
    ])
  })

  test('one role, a function, and no value of a client', () => {
    const broken: readonly Broken[] = [
      { client: 'select orders', relation: 'orders', sqlstate: '42501', message: 'permission denied', role: 'app' },
      { client: 'call total(integer)', sqlstate: '42725', message: 'function total(unknown) is not unique' },
      { client: 'insert users', relation: 'users', sqlstate: '22P02', message: 'invalid input value: "hunter2"' },
    ]
    const found = impactFindings({ up: UP, impact: { broken } })
    expect(found.map(({ message }) => message)).toEqual([
      'orders: the server refuses what it took before: select by app: permission denied (SQLSTATE 42501)',
      'the server refuses what it took before: call total(integer): function total(unknown) is not unique (SQLSTATE 42725)',
      'users: the server refuses what it took before: insert: the value has another form now (SQLSTATE 22P02)',
    ])
  })

  test('whatever rows the table has', () => {
    const impact = { relations: [filled('orders')], broken: [gone('select')] }
    expect(impactFindings({ up: UP, impact, dataSet: true }).map(({ level }) => level)).toEqual(['warning'])
  })

  test.each([
    ['of another table', 'users', 0],
    ['of its own', 'orders', 1],
  ])('a key that has no row any more, where the script removes rows %s', (_, relation, count) => {
    const broken: readonly Broken[] = [
      { client: 'insert orders', relation: 'orders', sqlstate: '23503', message: 'key' },
    ]
    const impact = { broken, lost: [{ relation, what: 'rows' as const, count: 9, how: 'deleted' as const }] }
    const found = impactFindings({ up: UP, impact }).filter(({ rule }) => rule === 'breaks-clients')
    expect(found).toHaveLength(count)
  })

  test('what a down breaks is what it is for: nothing', () => {
    expect(impactOf({ downImpact: { relations: [table('orders')], broken: [gone('select')] } })).toEqual([])
  })
})
