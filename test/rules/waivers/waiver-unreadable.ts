// The rule `waiver-unreadable`.
import { describe, expect, test } from '@jest/globals'
import { waiverUnreadable } from '../../../src/rules/waivers/waiver-unreadable.js'
import { sampleFindings } from '../sample.js'

describe('waiver-unreadable', () => {
  const allow = (words: string, down = '-- nothing'): string =>
    `-- 00001_a.up.sql\n-- migration-gate: ${words}\nCREATE TABLE a (id int);\n-- 00001_a.down.sql\n${down}`

  test.each([
    ['allow down-empty because x', 'it does not say which rule, until when and why'],
    ['allow down-empty until 2027-01-01', 'it does not say which rule, until when and why'],
    ['allow down-empty until 2027-02-30 because x', '"2027-02-30" is not a day (YYYY-MM-DD)'],
    ['allow down-emty until 2027-01-01 because x', 'there is no rule "down-emty"; did you mean down-empty?'],
  ])('%s', async (words, wrong) => {
    expect(await sampleFindings(waiverUnreadable, allow(words))).toEqual([
      `error waiver-unreadable 00001_a.up.sql:1:1 the waiver accepts nothing: ${wrong}`,
    ])
  })

  test('one that says all is fine', async () => {
    expect(await sampleFindings(waiverUnreadable, allow('allow down-empty until 2027-01-01 because x'))).toEqual([])
  })
})
