// The rule `table-rewrite`.
import { describe, expect, test } from '@jest/globals'
import { filled, hold, impactFindings, impactOf, table, work } from '../recorded-impact.js'

const RETYPE = 'ALTER TABLE orders ALTER COLUMN id TYPE bigint'
const rewritten = [work('orders', 'ACCESS EXCLUSIVE')]

describe('table-rewrite', () => {
  test('a table with rows of the migrations', () => {
    const impact = { relations: [table('orders')], holds: [hold('orders', 'ACCESS EXCLUSIVE')], rewritten }
    expect(impactOf({ up: [RETYPE], impact })).toEqual([
      'error table-rewrite 00002_a.up.sql:1:1 orders: reads and writes wait behind an ACCESS EXCLUSIVE lock while all of it is written again; the time grows with the table (20,000 rows here)',
    ])
  })

  test('made-up rows are not counted, and are a note where the migrations carry rows of their own', () => {
    const impact = { relations: [filled('orders')], rewritten }
    expect(impactOf({ up: [RETYPE], impact })).toEqual([
      'error table-rewrite 00002_a.up.sql:1:1 orders: reads and writes wait behind an ACCESS EXCLUSIVE lock while all of it is written again; the time grows with the table',
    ])
    const [found] = impactFindings({ up: [RETYPE], impact, dataSet: true })
    expect(found?.level).toBe('note')
  })

  test('the whole of a down is a note', () => {
    const downImpact = { relations: [table('orders')], rewritten }
    expect(impactOf({ down: [RETYPE], downImpact })).toEqual([
      'note table-rewrite 00002_a.down.sql:1:1 down: orders: reads and writes wait behind an ACCESS EXCLUSIVE lock while all of it is written again; the time grows with the table (20,000 rows here)',
    ])
  })

  test('a table that could not be filled is a note that says why', () => {
    const impact = {
      relations: [table('orders', { rows: 0, source: 'none', why: 'a trigger refuses rows' })],
      rewritten,
    }
    expect(impactOf({ up: [RETYPE], impact })).toEqual([
      'note table-rewrite 00002_a.up.sql:1:1 orders: reads and writes wait behind an ACCESS EXCLUSIVE lock while all of it is written again; the time grows with the table, which could not be filled here: a trigger refuses rows',
    ])
  })

  test('partitions that one statement rewrites are one finding', () => {
    const names = Array.from({ length: 7 }, (_, at) => `p${at}`)
    const impact = {
      relations: [table('orders', { kind: 'partitioned table' }), ...names.map((name) => table(name))],
      rewritten: names.map((name) => work(name, 'ACCESS EXCLUSIVE')),
    }
    expect(impactOf({ up: [RETYPE], impact })).toEqual([
      'error table-rewrite 00002_a.up.sql:1:1 p0, p1, p2, p3, p4, and 2 more: reads and writes wait behind an ACCESS EXCLUSIVE lock while all of them are written again; the time grows with the table (up to 20,000 rows here)',
    ])
  })

  test.each([
    [
      'few rows',
      {
        relations: [table('orders', { rows: 999 })],
        rewritten: [{ ...work('orders', 'ACCESS EXCLUSIVE'), rows: 999 }],
      },
    ],
    [
      'a lock that no client waits for',
      { relations: [table('orders')], rewritten: [work('orders', 'SHARE UPDATE EXCLUSIVE')] },
    ],
    ['a lock without work', { relations: [table('orders')], holds: [hold('orders', 'ACCESS EXCLUSIVE')] }],
  ])('%s: nothing', (_, impact) => {
    expect(impactOf({ up: [RETYPE], impact })).toEqual([])
  })

  test.each([
    ['ALTER TABLE orders ALTER COLUMN id TYPE bigint', 'Expand and contract'],
    ['ALTER TABLE orders ADD COLUMN t uuid DEFAULT gen_random_uuid()', 'In steps'],
    ['ALTER TABLE orders ADD COLUMN n bigserial', 'nextval'],
    ['ALTER TABLE orders ADD COLUMN n int GENERATED ALWAYS AS (id + 1) STORED', 'a trigger fill it'],
    ['ALTER TABLE orders SET UNLOGGED', 'no online way'],
    ['VACUUM FULL orders', 'plain VACUUM'],
    ['REFRESH MATERIALIZED VIEW orders', 'CONCURRENTLY'],
    ["DO $$ BEGIN EXECUTE 'x'; END $$", 'Split it into steps'],
  ])('the better way for %s', (statement, fix) => {
    const [found] = impactFindings({ up: [statement], impact: { relations: [table('orders')], rewritten } })
    expect(found?.fix).toContain(fix)
  })
})
