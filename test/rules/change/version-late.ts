// The rule `version-late`.
import { describe, expect, test } from '@jest/globals'
import { versionLate } from '../../../src/rules/change/version-late.js'
import { sampleFindings } from '../sample.js'

describe('version-late', () => {
  const MERGED = `-- 00002_b.up.sql, as merged
CREATE TABLE b (id int);
-- 00002_b.down.sql, as merged
DROP TABLE b;`
  const added = (id: string): string => `-- ${id}.up.sql\nCREATE TABLE c (id int);\n-- ${id}.down.sql\nDROP TABLE c;`

  test('comes before one that is merged', async () => {
    expect(await sampleFindings(versionLate, `${MERGED}\n${added('00000_c')}`)).toEqual([
      'error version-late 00000_c.up.sql:1:1 00000_c comes before 00002_b, the newest one in main; the next free version is 00003',
    ])
  })

  test.each(['00003_c', '00002_c'])('%s does not', async (id) => {
    expect(await sampleFindings(versionLate, `${MERGED}\n${added(id)}`)).toEqual([])
  })
})
