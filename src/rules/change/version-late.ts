// A new migration that is out of order: it sorts before those that others have applied.
import { numberWords } from '../numbers.js'
import type { Rule } from '../rule.js'
import { lateIn } from './fresh.js'
import { sameFiles } from '../one-offence.js'
import { runOnChange, firstPlace } from './merged.js'
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
  run: runOnChange(({ branch }, input) =>
    lateIn(input).map(({ migration, newest }) => {
      const { free, rename } = numberWords(input, migration, 'version')
      return {
        migration: migration.id,
        place: firstPlace(migration),
        message: `${migration.id} comes before ${newest.id}, the newest one in ${branch}; ${free}`,
        why: WHY,
        fix: `${rename}\nWhere the tool applies migrations out of order and nothing depends on the order: checks: version-late: off.`,
        same: sameFiles(migration),
      }
    }),
  ),
}
