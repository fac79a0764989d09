// The rule `waiver-stale`.
import { describe, expect, test } from '@jest/globals'
import { waiverStale } from '../../../src/rules/waivers/waiver-stale.js'
import { sampleFindings } from '../sample.js'

describe('waiver-stale', () => {
  const allow = (words: string, down = '-- nothing'): string =>
    `-- 00001_a.up.sql\n-- migration-gate: ${words}\nCREATE TABLE a (id int);\n-- 00001_a.down.sql\n${down}`

  test('there is no such finding', async () => {
    const words = 'allow down-empty until 2027-01-01 because x'
    expect(await sampleFindings(waiverStale, allow(words, 'DROP TABLE a;'))).toEqual([
      'warning waiver-stale 00001_a.up.sql:1:1 the waiver of down-empty accepts nothing: there is no such finding',
    ])
  })

  test.each([
    ['what it accepts is there', 'allow down-empty until 2027-01-01 because x'],
    ['nothing looked for it, as there is no proof', 'allow down-fails until 2027-01-01 because x'],
  ])('%s', async (_, words) => {
    expect(await sampleFindings(waiverStale, allow(words))).toEqual([])
  })
})
