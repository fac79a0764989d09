// What a step did to a live database, and did not do in its dry run; and how partitions are folded into it.
import { describe, expect, test } from '@jest/globals'
import type { Hold, Impact, Touched } from '../../src/impact/facts.js'
import { NOTHING } from '../../src/impact/not-watched.js'
import { foldedNames } from '../../src/impact/partitions.js'
import { unforeseen } from '../../src/impact/unforeseen.js'

const place = { file: 'a.sql', line: 1, column: 1 }
const WATCHED: Impact = { ...NOTHING, statements: [{ number: 1, place, head: 'ALTER', milliseconds: 1 }] }
const hold = (mode: Hold['mode'], relation = 'orders'): Hold => ({
  relation,
  kind: 'table',
  mode,
  from: 1,
  label: 'measured',
})
const seen = (mode: Touched['mode'], more: Partial<Touched> = {}): Touched => ({
  relation: 'orders',
  kind: 'table',
  mode,
  rewritten: false,
  ...more,
})
const work = { relation: 'orders', rows: 5, statement: 1, under: 'ACCESS EXCLUSIVE' as const }

describe('unforeseen', () => {
  test.each<[string, Partial<Impact>, Touched, string]>([
    [
      'a lock where there was none',
      {},
      seen('SHARE'),
      'orders: writes wait behind a SHARE lock; the dry run had no lock there',
    ],
    [
      'a stronger lock',
      { holds: [hold('SHARE')] },
      seen('ACCESS EXCLUSIVE'),
      'orders: reads and writes wait behind an ACCESS EXCLUSIVE lock; the dry run had a SHARE lock there',
    ],
    [
      'a new file',
      { holds: [hold('ACCESS EXCLUSIVE')] },
      seen('ACCESS EXCLUSIVE', { rewritten: true }),
      'orders: all of it was written again or removed; in the dry run it was not',
    ],
  ])('%s', (_, foreseen, touched, said) => {
    expect(unforeseen({ ...WATCHED, ...foreseen }, [touched])).toEqual([said])
  })

  test.each<[string, Partial<Impact>, Touched]>([
    ['the same lock', { holds: [hold('SHARE')] }, seen('SHARE')],
    ['a weaker lock', { holds: [hold('ACCESS EXCLUSIVE')] }, seen('SHARE')],
    [
      'a partition of a table that was locked so',
      { holds: [hold('SHARE', 'events')] },
      seen('SHARE', { relation: 'events_1', partitionOf: 'events' }),
    ],
    [
      'a rewrite that was seen',
      { holds: [hold('ACCESS EXCLUSIVE')], rewritten: [work] },
      seen('ACCESS EXCLUSIVE', { rewritten: true }),
    ],
    [
      'a TRUNCATE that was seen',
      {
        holds: [hold('ACCESS EXCLUSIVE')],
        changed: [{ ...work, inserted: 0, updated: 0, deleted: 5, truncated: true, together: true }],
      },
      seen('ACCESS EXCLUSIVE', { rewritten: true }),
    ],
    ['a script that was not watched', { statements: [] }, seen('ACCESS EXCLUSIVE')],
    [
      'a script that failed on made-up rows',
      { failsOnRows: { sqlstate: '23502', message: '', source: 'made up' } },
      seen('ACCESS EXCLUSIVE'),
    ],
  ])('%s: nothing', (_, foreseen, touched) => {
    expect(unforeseen({ ...WATCHED, ...foreseen }, [touched])).toEqual([])
  })
})

const partitions = (count: number): { relation: string; partitionOf: string }[] =>
  Array.from({ length: count }, (_, at) => ({ relation: `events_${at + 1}`, partitionOf: 'events' }))

test.each([
  ['a table and its partitions', [{ relation: 'events' }, ...partitions(12)], ['events and its 12 partitions']],
  ['partitions alone', [...partitions(3), { relation: 'orders' }], ['3 partitions of events', 'orders']],
  ['one partition', [{ relation: 'events' }, ...partitions(1)], ['events', 'events_1']],
  ['no partitions', [{ relation: 'a' }, { relation: 'b' }], ['a', 'b']],
])('%s in a sentence', (_, named, said) => {
  expect(foldedNames(named)).toEqual(said)
})
