// Comments on pull requests that are about more than those of test/render/comment.test.ts: they are still short enough.
import { describe, expect, test } from '@jest/globals'
import { COMMENT_LIMIT } from '../../src/report/posting.js'
import { adds, change } from '../render/change-reports.js'
import { body, expectValidLength } from '../render/comments.js'
import { database, finding, migration, proof, report } from '../render/reports.js'

describe('its length, of 3000 migrations and of 3 MB', () => {
  test.each([[3000, 500]])('%i migrations with %i characters each: valid, and what went is said', (count, size) =>
    expectValidLength(count, size),
  )

  test('a report of 3 MB', () => {
    const differences = Array.from({ length: 20_000 }, (_, i) =>
      adds('column', `public.t.c${i}`, 'x'.repeat(120), 'table public.t'),
    )
    const given = report({
      change: change(),
      databases: [
        database('core_db', [
          migration('00001_a', { touched: 'added', proof: proof({ down: 'differs', differences }) }),
        ]),
      ],
      findings: [finding({ database: 'core_db', migration: '00001_a' })],
    })
    expect(Buffer.byteLength(JSON.stringify(given))).toBeGreaterThan(3_000_000)
    expect(Buffer.byteLength(body(given))).toBeLessThanOrEqual(COMMENT_LIMIT)
  })
})
