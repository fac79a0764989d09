// The rule `blocking-index-build`.
import { describe, expect, test } from '@jest/globals'
import { build, hold, impactFindings, impactOf, table } from '../recorded-impact.js'

const relations = [table('orders')]
const INDEX = 'CREATE INDEX orders_state ON orders (state)'
const NONE = 'Move it into a separate migration'

describe('blocking-index-build', () => {
  test('an index in place, with the statement to write instead', () => {
    const [found, ...others] = impactFindings({
      up: [INDEX],
      impact: { relations, holds: [hold('orders', 'SHARE')], built: [build('orders', 'orders_state', 'SHARE')] },
    })
    expect(others).toEqual([])
    expect(found).toMatchObject({
      level: 'warning',
      rule: 'blocking-index-build',
      message:
        'orders: writes wait behind a SHARE lock while the index orders_state is built; the time grows with the table (20,000 rows here)',
    })
    expect(found?.fix).toContain(NONE)
    expect(found?.fix).toContain('\nCREATE INDEX CONCURRENTLY orders_state ON orders (state);')
  })

  test('several indexes of a table are one finding', () => {
    const built = [build('orders', 'a', 'SHARE'), build('orders', 'b', 'SHARE', 2)]
    expect(impactOf({ up: [INDEX, INDEX], impact: { relations, built } })).toEqual([
      'warning blocking-index-build 00002_a.up.sql:1:1 orders: writes wait behind a SHARE lock while the indexes a, b are built; the time grows with the table (20,000 rows here)',
    ])
  })

  test('SELECT waits while an index is built again, although the lock of the table lets it pass', () => {
    const impact = {
      relations,
      holds: [hold('orders', 'SHARE'), hold('orders_state', 'ACCESS EXCLUSIVE', { kind: 'index' })],
      built: [{ ...build('orders', 'orders_state', 'SHARE'), what: 'rebuilt' as const }],
    }
    const [found] = impactFindings({ up: ['REINDEX INDEX orders_state'], impact })
    expect(found?.message).toContain(
      'reads and writes wait behind an ACCESS EXCLUSIVE lock while the index orders_state is built again',
    )
    expect(found?.fix).toContain('REINDEX INDEX CONCURRENTLY orders_state;')
  })

  test('the end of REINDEX CONCURRENTLY locks the old index for a moment: nothing', () => {
    const impact = {
      relations,
      holds: [hold('orders', 'SHARE UPDATE EXCLUSIVE'), hold('i', 'ACCESS EXCLUSIVE', { kind: 'index' })],
      built: [build('orders', 'i', 'SHARE UPDATE EXCLUSIVE')],
    }
    expect(impactOf({ up: ['REINDEX INDEX CONCURRENTLY i'], impact })).toEqual([])
  })

  test.each([
    ['CONCURRENTLY', { relations, built: [build('orders', 'i', 'SHARE UPDATE EXCLUSIVE')] }],
    [
      'an empty table',
      {
        relations: [table('orders', { rows: 0, source: 'none' })],
        built: [{ ...build('orders', 'i', 'SHARE'), rows: 0 }],
      },
    ],
    [
      'ON ONLY a partitioned table, which has no rows of its own',
      { relations: [table('orders', { kind: 'partitioned table' })], built: [build('orders', 'i', 'SHARE')] },
    ],
  ])('%s: nothing', (_, impact) => {
    expect(impactOf({ up: [INDEX], impact })).toEqual([])
  })

  test.each([
    [
      'ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code, state)',
      'CREATE UNIQUE INDEX CONCURRENTLY orders_code ON orders (code, state);\n-- In the next migration:\nALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE USING INDEX orders_code;',
    ],
    [
      'ALTER TABLE orders ADD UNIQUE (code)',
      'CREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON orders (code);\n-- In the next migration:\nALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key;',
    ],
    ['ALTER TABLE orders ADD PRIMARY KEY (id)', 'Its columns have to be NOT NULL already'],
    ['ALTER TABLE orders ADD COLUMN code text UNIQUE', 'ADD CONSTRAINT ... UNIQUE USING INDEX.'],
    ["CREATE INDEX i ON orders (state) WHERE state = 'secret'", 'CREATE INDEX CONCURRENTLY ...'],
    ['ALTER TABLE orders ADD CONSTRAINT e EXCLUDE USING gist (r WITH &&)', 'no online way'],
    ['REINDEX SCHEMA public', 'REINDEX CONCURRENTLY'],
    ["DO $$ BEGIN EXECUTE 'x'; END $$", 'in a migration before this one'],
  ])('the better way for %s', (statement, fix) => {
    const impact = { relations, built: [build('orders', 'orders_code_key', 'SHARE')] }
    const [found] = impactFindings({ up: [statement], impact })
    expect(found?.fix).toContain(fix)
    expect(found?.fix).not.toContain('secret')
  })

  test('an index of a partitioned table is built partition by partition', () => {
    const impact = {
      relations: [table('orders', { kind: 'partitioned table' }), table('orders_1')],
      holds: [hold('orders', 'SHARE', { kind: 'partitioned table' }), hold('orders_1', 'SHARE')],
      built: [build('orders_1', 'orders_1_state', 'SHARE')],
    }
    expect(impactFindings({ up: [INDEX], impact })[0]?.fix).toContain('ON ONLY the partitioned table')
  })
})
