// The rule `seed-idempotent`.
import { describe, expect, test } from '@jest/globals'
import { brief } from '../input.js'
import { failure, rowsLeft, seedFindings } from '../recorded-proof.js'

describe('seed-idempotent', () => {
  test('seeds that leave other rows the second time, or fail', () => {
    expect(brief(seedFindings({ again: 'differs', againDifferences: [rowsLeft] }))).toEqual([
      'error seed-idempotent 00010_admin.up.sql:1:1 the seed leaves other rows the second time: left behind rows public.users (1 row -> 2 rows)',
    ])
    const found = seedFindings({ again: 'failed', failure: failure({ sqlstate: '23505', message: 'duplicate key' }) })
    expect(brief(found)).toEqual([
      'error seed-idempotent 00010_admin.up.sql:1:1 the seed fails the second time: duplicate key (SQLSTATE 23505)',
    ])
    expect(found[0]?.fix).toBe('ON CONFLICT DO NOTHING')
  })

  test('the advice fits: without a unique key there is no conflict', () => {
    const [twice] = seedFindings({ again: 'differs', againDifferences: [rowsLeft] })
    expect(twice?.fix).toMatch(/WHERE NOT EXISTS .* Or add a unique key in a migration, and insert with ON CONFLICT/)
    const [other] = seedFindings({ again: 'differs', againDifferences: [{ ...rowsLeft, change: 'changed' }] })
    expect(other?.fix).toContain('do not depend on an earlier run')
    const detail = 'Key (name)=(a) already exists.'
    const [taken] = seedFindings({ again: 'failed', failure: failure({ sqlstate: '23505', message: 'x', detail }) })
    expect(taken?.fix).toBe('ON CONFLICT (name) DO NOTHING')
  })
})
