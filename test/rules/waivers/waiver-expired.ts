// The rule `waiver-expired`.
import { describe, expect, test } from '@jest/globals'
import { waiverExpired } from '../../../src/rules/waivers/waiver-expired.js'
import { sampleFindings } from '../sample.js'

describe('waiver-expired', () => {
  const allow = (words: string, down = '-- nothing'): string =>
    `-- 00001_a.up.sql\n-- migration-gate: ${words}\nCREATE TABLE a (id int);\n-- 00001_a.down.sql\n${down}`

  test('the day after its last one (samples run on 2026-06-01)', async () => {
    expect(await sampleFindings(waiverExpired, allow('allow down-empty until 2026-05-31 because x'))).toEqual([
      'error waiver-expired 00001_a.up.sql:1:1 the waiver of down-empty ended on 2026-05-31 (x)',
    ])
  })

  test('on its last day it holds', async () => {
    expect(await sampleFindings(waiverExpired, allow('allow down-empty until 2026-06-01 because x'))).toEqual([])
  })
})
