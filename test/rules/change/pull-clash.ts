// The rule `pull-clash`.
import { describe, expect, test } from '@jest/globals'
import { pullClash } from '../../../src/rules/change/pull-clash.js'
import { sampleFindings } from '../sample.js'

describe('pull-clash', () => {
  const added = (id: string): string => `-- ${id}.up.sql\nCREATE TABLE c (id int);\n-- ${id}.down.sql\nDROP TABLE c;`

  const other = (pull: number, id: string): string =>
    `-- ${id}.up.sql, in pull request ${pull}\nCREATE TABLE d (id int);`

  test('an older pull request holds the version', async () => {
    expect(await sampleFindings(pullClash, `${added('00002_c')}\n${other(7, '00002_d')}`)).toEqual([
      'warning pull-clash 00002_c.up.sql:1:1 version 00002 of 00002_c is also in pull request 7 (Add phone); the next free one is 00003',
    ])
  })

  test('this one is the older', async () => {
    expect(await sampleFindings(pullClash, `${added('00002_c')}\n${other(12, '00002_d')}`)).toEqual([
      'warning pull-clash 00002_c.up.sql:1:1 version 00002 of 00002_c is also in pull request 12 (Add phone)',
    ])
  })

  test('another version is fine', async () => {
    expect(await sampleFindings(pullClash, `${added('00002_c')}\n${other(7, '00003_d')}`)).toEqual([])
  })
})
