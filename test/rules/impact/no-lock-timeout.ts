// The rule `no-lock-timeout`.
import { describe, expect, test } from '@jest/globals'
import { hold, impactFindings, impactOf, table } from '../recorded-impact.js'

describe('no-lock-timeout', () => {
  const up = ["SET x = '1'", 'ALTER TABLE orders ADD a int']
  const taken = hold('orders', 'ACCESS EXCLUSIVE', { from: 2 })
  const impact = { relations: [table('orders')], holds: [taken], lockTimeout: false }

  test('a lock that clients wait for, at its statement', () => {
    expect(impactOf({ up, impact })).toEqual([
      'note no-lock-timeout 00002_a.up.sql:2:1 orders: waits for its ACCESS EXCLUSIVE lock without a lock_timeout',
    ])
    expect(impactFindings({ up, impact })[0]?.fix).toContain('up, deploy and rollback set a lock_timeout themselves')
  })

  test.each([
    ['a lock_timeout', { ...impact, lockTimeout: true }],
    ['a lock that lets clients go on', { ...impact, holds: [hold('orders', 'SHARE UPDATE EXCLUSIVE')] }],
    ['a table without rows', { ...impact, relations: [table('orders', { rows: 0, source: 'none' as const })] }],
    ['a table of the change itself', { ...impact, relations: [] }],
    ['an index', { ...impact, holds: [hold('orders', 'ACCESS EXCLUSIVE', { kind: 'index' as const })] }],
  ])('%s: nothing', (_, known) => {
    expect(impactOf({ up, impact: known })).toEqual([])
  })

  test('a down: nothing', () => {
    expect(impactOf({ downImpact: impact })).toEqual([])
  })
})
