// The rule `left-invalid`.
import { describe, expect, test } from '@jest/globals'
import type { Left } from '../../../src/impact/facts.js'
import { impactFindings, impactOf } from '../recorded-impact.js'

describe('left-invalid', () => {
  test.each<[Left['what'], string, string, string]>([
    ['invalid index', 'warning', 'the index x is left invalid', 'DROP INDEX CONCURRENTLY'],
    ['trigger off', 'warning', 'the trigger x is left switched off', 'ENABLE TRIGGER'],
    [
      'constraint not validated',
      'note',
      'the constraint x is left not validated',
      'ALTER TABLE orders VALIDATE CONSTRAINT',
    ],
  ])('%s', (what, level, words, fix) => {
    const impact = { left: [{ what, name: 'x', relation: 'orders' }] }
    expect(impactOf({ impact })).toEqual([`${level} left-invalid 00002_a.up.sql:1:1 orders: ${words}`])
    expect(impactFindings({ impact })[0]?.fix).toContain(fix)
  })

  test('nothing is left: nothing', () => {
    expect(impactOf({ impact: { left: [] } })).toEqual([])
  })
})
