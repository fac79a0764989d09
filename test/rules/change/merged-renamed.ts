// The rule `merged-renamed`.
import { describe, expect, test } from '@jest/globals'
import { mergedRenamed } from '../../../src/rules/change/merged-renamed.js'
import { sampleFindings } from '../sample.js'

describe('merged-renamed', () => {
  const GONE = `-- 00002_b.up.sql, merged and deleted here
CREATE TABLE b (id int);
-- 00002_b.down.sql, merged and deleted here
DROP TABLE b;`

  test.each([
    ['00002_c', 'CREATE TABLE b (id int);', 'its name is 00002_c now'],
    ['00003_b', 'CREATE TABLE b (id int);', 'its version is 00003 now'],
    ['00002_c', 'CREATE TABLE b (id bigint);', 'its name is 00002_c now, and its text has changed too'],
  ])('to %s with %s', async (id, up, words) => {
    const now = `-- ${id}.up.sql\n${up}\n-- ${id}.down.sql\nDROP TABLE b;`
    expect(await sampleFindings(mergedRenamed, `${GONE}\n${now}`)).toEqual([
      `error merged-renamed ${id}.up.sql:1:1 00002_b is merged (in main), and ${words}`,
    ])
  })

  test('another migration in its place is none', async () => {
    const now = '-- 00003_c.up.sql\nCREATE TABLE c (id int);\n-- 00003_c.down.sql\nDROP TABLE c;'
    expect(await sampleFindings(mergedRenamed, `${GONE}\n${now}`)).toEqual([])
  })
})
