// The rule `fails-on-rows`.
import { describe, expect, test } from '@jest/globals'
import type { RowFailure } from '../../../src/impact/facts.js'
import { filled, impactFindings, impactOf, scan, table } from '../recorded-impact.js'

const UP = ['ALTER TABLE orders ALTER COLUMN state SET NOT NULL']
const place = { file: 'migrations/core_db/00002_a.up.sql', line: 1, column: 1 }
const nulls: RowFailure = {
  sqlstate: '23502',
  message: 'column "state" of relation "orders" contains null values',
  relation: 'orders',
  column: 'state',
  count: 12,
  statement: 1,
  place,
  source: 'migrations',
}

describe('fails-on-rows', () => {
  test('rows of the migrations: an error with the query that finds them', () => {
    const [found, ...others] = impactFindings({ up: UP, impact: { relations: [table('orders')], failsOnRows: nulls } })
    expect(others).toEqual([])
    expect(found).toMatchObject({
      level: 'error',
      rule: 'fails-on-rows',
      place,
      message: 'orders: fails on its rows: 12 rows would have NULL in state, which is required (SQLSTATE 23502)',
    })
    expect(found?.fix).toContain('SELECT count(*) FROM orders WHERE "state" IS NULL;')
  })

  test('made-up rows, any of which makes it fail', () => {
    const failsOnRows: RowFailure = { ...nulls, source: 'made up', needs: 'any row' }
    expect(impactOf({ up: UP, impact: { relations: [filled('orders')], failsOnRows } })).toEqual([
      'error fails-on-rows 00002_a.up.sql:1:1 orders: fails on any row: rows would have NULL in state, which is required (SQLSTATE 23502)',
    ])
    expect(
      impactFindings({ up: UP, impact: { relations: [filled('orders')], failsOnRows }, dataSet: true })[0]?.level,
    ).toBe('note')
  })

  test('made-up rows, some of which make it fail: a warning, and the wait beside it', () => {
    const failsOnRows: RowFailure = { ...nulls, source: 'made up', needs: 'rows with NULL in state' }
    const impact = { relations: [filled('orders')], failsOnRows, scanned: [scan('orders', 'ACCESS EXCLUSIVE')] }
    const found = impactFindings({ up: UP, impact })
    expect(found.map(({ level, rule }) => `${level} ${rule}`)).toEqual([
      'warning blocking-scan',
      'warning fails-on-rows',
    ])
    expect(found[1]?.message).toBe(
      'orders: fails on rows with NULL in state: rows would have NULL in state, which is required (SQLSTATE 23502)',
    )
  })

  test('rows that the script writes with the key of made-up ones are a note', () => {
    const failsOnRows: RowFailure = { ...nulls, sqlstate: '23505', constraint: 'orders_pkey', source: 'made up' }
    const found = impactFindings({
      up: ['INSERT INTO orders VALUES (1)'],
      impact: { relations: [filled('orders')], failsOnRows },
    })
    expect(found.map(({ level }) => level)).toEqual(['note'])
  })

  test('where it is certain to fail, how long the table would wait is no question', () => {
    const impact = { relations: [table('orders')], failsOnRows: nulls, scanned: [scan('orders', 'ACCESS EXCLUSIVE')] }
    expect(impactFindings({ up: UP, impact }).map(({ rule }) => rule)).toEqual(['fails-on-rows'])
  })

  test.each([
    ['23505', '12 rows are duplicates in state for the unique key orders_key'],
    ['23503', '12 rows break the foreign key orders_key in state'],
    ['23514', '12 rows break the check orders_key in state'],
    ['22P02', '12 rows have a value in state that does not become the new one'],
    ['22001', '12 rows have a value in state that is too long'],
    ['P0001', 'the server refuses 12 rows'],
  ])('no value of a row is shown: %s', (sqlstate, words) => {
    const failsOnRows = { ...nulls, sqlstate, constraint: 'orders_key', message: 'invalid input syntax: "hunter2"' }
    const [found] = impactFindings({ up: UP, impact: { relations: [table('orders')], failsOnRows } })
    expect(found?.message).toBe(`orders: fails on its rows: ${words} (SQLSTATE ${sqlstate})`)
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })
})
