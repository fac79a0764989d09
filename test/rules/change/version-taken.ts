// The rule `version-taken`.
import { describe, expect, test } from '@jest/globals'
import { versionTaken } from '../../../src/rules/change/version-taken.js'
import { sampleFindings } from '../sample.js'

describe('version-taken', () => {
  const MERGED = `-- 00002_b.up.sql, as merged
CREATE TABLE b (id int);
-- 00002_b.down.sql, as merged
DROP TABLE b;`
  const added = (id: string): string => `-- ${id}.up.sql\nCREATE TABLE c (id int);\n-- ${id}.down.sql\nDROP TABLE c;`

  test('by a migration that was there before the change', async () => {
    expect(await sampleFindings(versionTaken, `${MERGED}\n${added('00002_c')}`)).toEqual([
      'error version-taken 00002_c.up.sql:1:1 version 00002 of 00002_c is taken: main has 00002_b; the next free one is 00003',
    ])
  })

  test('by one that was merged meanwhile', async () => {
    const merged = MERGED.replaceAll('as merged', 'merged meanwhile')
    expect(await sampleFindings(versionTaken, `${merged}\n${added('00002_c')}`)).toHaveLength(1)
  })

  test('a version of its own is fine', async () => {
    expect(await sampleFindings(versionTaken, `${MERGED}\n${added('00003_c')}`)).toEqual([])
  })
})
