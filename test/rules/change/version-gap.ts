// The rule `version-gap`.
import { describe, expect, test } from '@jest/globals'
import { versionGap } from '../../../src/rules/change/version-gap.js'
import { sampleFindings } from '../sample.js'

describe('version-gap', () => {
  const MERGED = `-- 00002_b.up.sql, as merged
CREATE TABLE b (id int);
-- 00002_b.down.sql, as merged
DROP TABLE b;`
  const added = (id: string): string => `-- ${id}.up.sql\nCREATE TABLE c (id int);\n-- ${id}.down.sql\nDROP TABLE c;`

  test('numbers that are left out', async () => {
    expect(await sampleFindings(versionGap, `${MERGED}\n${added('00004_c')}\n${added('00005_d')}`)).toEqual([
      'warning version-gap 00004_c.up.sql:1:1 00004_c skips numbers after 00002',
    ])
  })

  test.each(['00003_c', '20260105101500_c'])('%s leaves none out', async (id) => {
    expect(await sampleFindings(versionGap, `${MERGED}\n${added(id)}`)).toEqual([])
  })

  test('is off where the config does not ask for it', () => {
    expect(versionGap.level).toBe('off')
  })
})
