// A migration that others have applied has another name or version.
import { numberOf, sameNumber } from '../../model/change.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace } from './merged.js'
import { DELETED_PHONE } from '../samples.js'

const WHY =
  'Tools know a migration by its version, some by its whole name. Databases that have applied it would run it a second time, or report that an applied migration is missing.'

export const mergedRenamed: Rule = {
  id: 'merged-renamed',
  title: 'A merged migration keeps its name',
  level: 'error',
  why: WHY,
  bad: `${DELETED_PHONE}
-- 00003_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00003_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: runOnChange(({ renamed, branch }) =>
    renamed.map(({ now, before, up, down }) => {
      const what = sameNumber(now, before) ? 'name' : 'version'
      const more = up === undefined && down === undefined ? '' : ', and its text has changed too'
      return {
        migration: now.id,
        place: firstPlace(now),
        message: `${before.id} is merged (in ${branch}), and its ${what} is ${what === 'name' ? now.id : numberOf(now)} now${more}`,
        why: WHY,
        fix: `Restore its name: ${before.id}.`,
      }
    }),
  ),
}
