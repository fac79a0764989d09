// The rule `changes-clients`.
import { describe, expect, test } from '@jest/globals'
import { impactOf, table } from '../recorded-impact.js'

describe('changes-clients', () => {
  const relations = [table('orders')]

  test('another default', () => {
    const answers = [{ client: 'insert orders', relation: 'orders', what: 'the default of state is another one' }]
    expect(impactOf({ impact: { relations, answers } })).toEqual([
      'note changes-clients 00002_a.up.sql:1:1 orders: clients get another result: insert: the default of state is another one',
    ])
  })

  test('the same answers: nothing', () => {
    expect(impactOf({ impact: { relations } })).toEqual([])
  })
})
