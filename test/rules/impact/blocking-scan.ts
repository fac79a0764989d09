// The rule `blocking-scan`.
import { describe, expect, test } from '@jest/globals'
import { hold, impactFindings, impactOf, scan, table, update, work } from '../recorded-impact.js'

const KEY = 'ALTER TABLE items ADD CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES orders (id)'

describe('blocking-scan', () => {
  test('a foreign key reads two tables: one finding, of the table that the statement names first', () => {
    const impact = {
      relations: [table('orders'), table('items')],
      scanned: [scan('orders', 'SHARE ROW EXCLUSIVE'), scan('items', 'SHARE ROW EXCLUSIVE')],
    }
    const [found, ...others] = impactFindings({ up: [KEY], impact })
    expect(others).toEqual([])
    expect(found).toMatchObject({
      level: 'warning',
      rule: 'blocking-scan',
      message:
        'items, orders: writes wait behind a SHARE ROW EXCLUSIVE lock while all their rows are read; the time grows with the table (up to 20,000 rows here)',
      fix: `${KEY.replace('ALTER TABLE items', 'ALTER TABLE items')} NOT VALID;\n-- In the next migration:\nALTER TABLE items VALIDATE CONSTRAINT items_order;`,
    })
  })

  test('the second statement of a script, with what else it does to the table', () => {
    const impact = {
      relations: [table('orders')],
      holds: [hold('orders', 'ACCESS EXCLUSIVE')],
      scanned: [scan('orders', 'ACCESS EXCLUSIVE', 2)],
      changed: [update('orders', 20_000, 3, 'ACCESS EXCLUSIVE')],
    }
    const up = [
      'ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0) NOT VALID',
      'ALTER TABLE orders VALIDATE CONSTRAINT c',
      'UPDATE orders SET id = id',
    ]
    const [found, ...others] = impactFindings({ up, impact })
    expect(others).toEqual([])
    expect(found?.place?.line).toBe(2)
    expect(found?.why).toContain(
      'Also: reads and writes wait behind an ACCESS EXCLUSIVE lock until the end of the script (2 more statements), while 20,000 rows of it are updated.',
    )
    expect(found?.fix).toContain('Move VALIDATE CONSTRAINT into a migration of its own')
  })

  test.each([
    ['VALIDATE by itself', { scanned: [scan('orders', 'SHARE UPDATE EXCLUSIVE')] }],
    ['few rows read', { scanned: [{ ...scan('orders', 'ACCESS EXCLUSIVE'), read: 1 }] }],
    ['what an index build reads is the build', { scanned: [scan('orders', 'ACCESS SHARE')] }],
    ['the scan of an index', { scanned: [scan('orders_pkey', 'ACCESS EXCLUSIVE')] }],
  ])('%s: nothing', (_, impact) => {
    expect(impactOf({ impact: { relations: [table('orders')], ...impact } })).toEqual([])
  })

  test('a rewrite of the same table is the worse effect', () => {
    const impact = {
      relations: [table('orders')],
      rewritten: [work('orders', 'ACCESS EXCLUSIVE', 2)],
      scanned: [scan('orders', 'ACCESS EXCLUSIVE', 1), scan('orders', 'ACCESS EXCLUSIVE', 2)],
    }
    expect(impactFindings({ impact }).map(({ rule }) => rule)).toEqual(['table-rewrite'])
  })

  test.each([
    [
      'ALTER TABLE orders ALTER COLUMN "State" SET NOT NULL',
      'ALTER TABLE orders ADD CONSTRAINT "State_required" CHECK ("State" IS NOT NULL) NOT VALID;\n-- In the next migration:\nALTER TABLE orders VALIDATE CONSTRAINT "State_required";\n-- In the next migration:\nALTER TABLE orders ALTER COLUMN "State" SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT "State_required";',
    ],
    [
      "ALTER TABLE orders ADD CONSTRAINT c CHECK (state <> 'a')",
      'Add the check with a name and NOT VALID, which reads nothing, and in the next migration: ALTER TABLE orders VALIDATE CONSTRAINT ..., for which clients do not wait.',
    ],
    [
      'ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0), ADD COLUMN b int',
      'Add the check with a name and NOT VALID, which reads nothing, and in the next migration: ALTER TABLE orders VALIDATE CONSTRAINT ..., for which clients do not wait.',
    ],
  ])('the better way for %s', (statement, fix) => {
    const impact = { relations: [table('orders')], scanned: [scan('orders', 'ACCESS EXCLUSIVE')] }
    expect(impactFindings({ up: [statement], impact })[0]?.fix).toBe(fix)
  })

  test.each([
    ['ALTER TABLE events ATTACH PARTITION orders FOR VALUES FROM (1) TO (2)', 'bounds of the partition'],
    ['ALTER DOMAIN d ADD CHECK (VALUE > 0)', 'A check of a domain'],
    ['ALTER TABLE orders ADD PRIMARY KEY USING INDEX i', 'Make the columns NOT NULL first'],
    ['ALTER TABLE orders ALTER COLUMN a TYPE d', 'Expand and contract'],
    ["DO $$ BEGIN EXECUTE 'x'; END $$", 'in a migration before this one'],
  ])('in words for %s', (statement, fix) => {
    const impact = { relations: [table('orders')], scanned: [scan('orders', 'ACCESS EXCLUSIVE')] }
    expect(impactFindings({ up: [statement], impact })[0]?.fix).toContain(fix)
  })
})
