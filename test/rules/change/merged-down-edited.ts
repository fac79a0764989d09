// The rule `merged-down-edited`.
import { describe, expect, test } from '@jest/globals'
import { mergedDownEdited } from '../../../src/rules/change/merged-down-edited.js'
import { sampleFindings } from '../sample.js'

describe('merged-down-edited', () => {
  const MERGED = `-- 00002_b.up.sql, as merged
CREATE TABLE b (id int);
-- 00002_b.down.sql, as merged
DROP TABLE b;`

  test('the down becomes another one', async () => {
    expect(await sampleFindings(mergedDownEdited, `${MERGED}\n-- 00002_b.down.sql\nDROP TABLE IF EXISTS b;`)).toEqual([
      'warning merged-down-edited 00002_b.down.sql:1:1 00002_b is merged (in main), and its down has changed',
    ])
  })

  test.each([
    ['a comment in the down', '-- 00002_b.down.sql\n-- back\nDROP TABLE b;'],
    ['an up that changed with it', '-- 00002_b.down.sql\nDROP TABLE c;\n-- 00002_b.up.sql\nCREATE TABLE c (id int);'],
  ])('%s is none', async (_, edit) => {
    expect(await sampleFindings(mergedDownEdited, `${MERGED}\n${edit}`)).toEqual([])
  })
})
