// The rule `merged-edited`.
import { describe, expect, test } from '@jest/globals'
import { mergedEdited } from '../../../src/rules/change/merged-edited.js'
import { sampleFindings } from '../sample.js'

describe('merged-edited', () => {
  const MERGED = `-- 00002_b.up.sql, as merged
CREATE TABLE b (id int);
-- 00002_b.down.sql, as merged
DROP TABLE b;`

  test.each([
    ['CREATE TABLE b (id bigint);', 'its up has changed'],
    ['-- no-transaction\nCREATE TABLE b (id int);', 'the transaction mode of its up has changed'],
  ])('the up becomes %j', async (up, words) => {
    expect(await sampleFindings(mergedEdited, `${MERGED}\n-- 00002_b.up.sql\n${up}`)).toEqual([
      `error merged-edited 00002_b.up.sql:${up.startsWith('--') ? 2 : 1}:1 00002_b is merged (in main), and ${words}`,
    ])
  })

  test.each(['-- b\nCREATE TABLE b (id int);', 'CREATE TABLE b (id int);<CR>', 'CREATE TABLE b (\n\n  id int\n);'])(
    'comments, blanks and line ends alone reach no database: %j',
    async (up) => {
      expect(await sampleFindings(mergedEdited, `${MERGED}\n-- 00002_b.up.sql\n${up}`)).toEqual([])
    },
  )

  test.each([
    ['-- b\nCREATE TABLE b (id int);', 'the comments or blanks of its up have changed'],
    ['CREATE TABLE b (id int);<CR>', 'the line ends of its up have changed'],
  ])('a tool that keeps checksums stops at %j', async (up, words) => {
    const marked = `-- 00003_c.up.sql, as merged
-- no-transaction
CREATE TABLE c (id int);
-- 00003_c.down.sql, as merged
DROP TABLE c;`
    expect(await sampleFindings(mergedEdited, `${MERGED}\n${marked}\n-- 00002_b.up.sql\n${up}`)).toEqual([
      `error merged-edited 00002_b.up.sql:${up.startsWith('--') ? 2 : 1}:1 00002_b is merged (in main), and ${words}`,
    ])
  })

  test('an edit of the down is another rule', async () => {
    expect(await sampleFindings(mergedEdited, `${MERGED}\n-- 00002_b.down.sql\nDROP TABLE IF EXISTS b;`)).toEqual([])
  })
})
