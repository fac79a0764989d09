// The rule `mass-change`.
import { describe, expect, test } from '@jest/globals'
import type { Impact } from '../../../src/impact/facts.js'
import { apart, filled, impactFindings, impactOf, table, update } from '../recorded-impact.js'

const relations = [table('orders')]
const UP = ['UPDATE orders SET a = 1']

describe('mass-change', () => {
  test.each([
    [20_000, '20,000 rows, all that it has, are updated'],
    [2_001, '2,001 rows are updated'],
  ])('%i of 20,000', (updated, words) => {
    expect(impactOf({ up: UP, impact: { relations, changed: [update('orders', updated)] } })).toEqual([
      `warning mass-change 00002_a.up.sql:1:1 orders: ${words} in one transaction: clients that change the same rows wait until its end; the time grows with the table`,
    ])
  })

  test('several statements of one transaction are one change', () => {
    const changed = [1, 2, 3].map((statement) => update('orders', 900, statement))
    expect(
      impactFindings({ up: [...UP, ...UP, ...UP], impact: { relations, changed } }).map(({ message }) => message),
    ).toEqual([
      'orders: 2,700 rows are updated in one transaction: clients that change the same rows wait until its end; the time grows with the table',
    ])
  })

  test('a cascade into another table is a part of the same statement', () => {
    const impact = {
      relations: [table('users'), table('orders')],
      changed: ['users', 'orders'].map((name) => ({ ...update(name, 0), deleted: 20_000 })),
    }
    expect(impactFindings({ up: ['DELETE FROM users'], impact }).map(({ message }) => message)).toEqual([
      'users, orders: many of their rows are deleted in one transaction: clients that change the same rows wait until its end; the time grows with the table',
    ])
  })

  test.each<[string, Partial<Impact>]>([
    ['a tenth', { changed: [update('orders', 2_000)] }],
    ['few rows', { relations: [table('orders', { rows: 1_200 })], changed: [update('orders', 999)] }],
    ['a statement that commits on its way', { changed: [{ ...update('orders', 20_000), together: false }] }],
    [
      'batches, each in its own transaction',
      { statements: apart([...UP, ...UP]), changed: [update('orders', 1_500), update('orders', 1_500, 2)] },
    ],
    ['TRUNCATE', { changed: [{ ...update('orders', 0), deleted: 20_000, truncated: true }] }],
    ['new rows', { changed: [{ ...update('orders', 0), inserted: 20_000 }] }],
  ])('%s: nothing', (_, facts) => {
    expect(impactOf({ up: [...UP, ...UP], impact: { relations, ...facts } })).toEqual([])
  })

  test.each([
    [1_000, 'warning', 'orders: all rows are updated'],
    [1_000 - 1, undefined, ''],
  ])('of made-up rows %i', (updated, level, words) => {
    const changed = [{ ...update('orders', updated), rows: 1_000 }]
    const [found] = impactFindings({ up: UP, impact: { relations: [filled('orders')], changed } })
    expect(found?.level).toBe(level)
    expect(found?.message.startsWith(words) ?? true).toBe(true)
  })

  test('a part of made-up rows is a note, as their values decide', () => {
    const changed = [{ ...update('orders', 1_500), rows: 3_000 }]
    const [found] = impactFindings({ up: UP, impact: { relations: [{ ...filled('orders'), rows: 3_000 }], changed } })
    expect(found?.level).toBe('note')
    expect(found?.message).toContain('orders: many rows are updated')
  })
})
