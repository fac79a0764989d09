// The rule `merged-deleted`.
import { describe, expect, test } from '@jest/globals'
import { mergedDeleted } from '../../../src/rules/change/merged-deleted.js'
import { sampleFindings } from '../sample.js'

describe('merged-deleted', () => {
  const GONE = `-- 00002_b.up.sql, merged and deleted here
CREATE TABLE b (id int);
-- 00002_b.down.sql, merged and deleted here
DROP TABLE b;`

  const OTHER = `-- 00001_a.up.sql, as merged
CREATE TABLE a (id int);
-- 00001_a.down.sql, as merged
DROP TABLE a;`

  test('both files are gone', async () => {
    expect(await sampleFindings(mergedDeleted, `${OTHER}\n${GONE}`)).toEqual([
      'error merged-deleted -:0:0 00002_b is merged (in main), and migrations/core_db/00002_b.up.sql is deleted',
    ])
  })

  test('what is still there is none', async () => {
    expect(await sampleFindings(mergedDeleted, OTHER)).toEqual([])
  })
})
