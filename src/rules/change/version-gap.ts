// A new migration that skips numbers.
import { numberOf } from '../../model/change.js'
import { compareNumbers } from '../../model/version.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace } from './merged.js'
import { FAX_AFTER_PHONE, MERGED_PHONE } from '../samples.js'

const WHY = 'In a project that counts without gaps, a missing number looks like a lost migration.'

export const versionGap: Rule = {
  id: 'version-gap',
  title: 'Numbers have no gap',
  level: 'off',
  why: WHY,
  bad: `${MERGED_PHONE}
-- 00005_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00005_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: FAX_AFTER_PHONE,
  run: runOnChange(({ added, tip }) => {
    const newest = tip.at(-1)
    let last = newest && numberOf(newest)
    return added.flatMap((migration) => {
      const before = last
      const own = numberOf(migration)
      if (last === undefined || compareNumbers(own, last) > 0) last = own
      if (before === undefined || !leavesGap(before, own)) return []
      return [
        {
          migration: migration.id,
          place: firstPlace(migration),
          message: `${migration.id} skips numbers after ${before}`,
          why: WHY,
          fix: `Give it the number that follows ${before}.`,
        },
      ]
    })
  }),
}

/** Whether numbers are skipped. Only plain numbers can leave a gap; time stamps cannot. */
const leavesGap = (before: string, version: string): boolean =>
  [before, version].every((text) => /^\D*\d{1,9}$/.test(text)) && valueOf(version) > valueOf(before) + 1

const valueOf = (version: string): number => Number(version.replaceAll(/\D/g, ''))
