// A new migration that is out of order: it sorts before those that others have applied.
import { sameNumber } from '../../model/change.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace, nextWords } from './merged.js'
import { FAX_AFTER_PHONE, MERGED_PHONE } from '../samples.js'

const WHY =
  'Databases that are up to date are already past it. Most tools never run it there, or they stop. So these databases lack what new ones have.'

export const versionLate: Rule = {
  id: 'version-late',
  title: 'A new migration comes after all that are merged',
  level: 'error',
  why: WHY,
  bad: `${MERGED_PHONE}
-- 00002_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: FAX_AFTER_PHONE,
  run: runOnChange(({ added, tip, branch, next }, { tool }) => {
    const newest = tip.at(-1)
    if (newest === undefined) return []
    const { compare } = tool.order
    const { free, rename } = nextWords({ next, tip }, tool, 'version')
    return added
      .filter((one) => compare(one, newest) < 0 && !tip.some((other) => sameNumber(one, other)))
      .map((migration) => ({
        migration: migration.id,
        place: firstPlace(migration),
        message: `${migration.id} comes before ${newest.id}, the newest one in ${branch}; ${free}`,
        why: WHY,
        fix: `${rename} Where the tool applies migrations out of order and nothing depends on the order: checks: version-late: off.`,
      }))
  }),
}
