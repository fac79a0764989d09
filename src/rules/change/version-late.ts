// A new migration that would stand before those that others have applied.
import { sameNumber } from '../../model/change.js'
import { orderOf } from '../../model/file-order.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace, nextWords } from './merged.js'

const WHY =
  'Databases that are up to date are past it already: most tools never run it there or refuse to go on, so they lack what new databases have.'

export const versionLate: Rule = {
  id: 'version-late',
  title: 'A new migration comes after all that are merged',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_fax.up.sql, while the base branch is at 00003
ALTER TABLE users ADD COLUMN fax text;`,
  good: `-- 00004_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;`,
  run: runOnChange(({ added, tip, branch, next }, { layout }) => {
    const newest = tip.at(-1)
    if (newest === undefined) return []
    const order = orderOf(layout)
    const { free, rename } = nextWords({ next, tip }, layout, 'version')
    return added
      .filter((one) => order(one, newest) < 0 && !tip.some((other) => sameNumber(one, other)))
      .map((migration) => ({
        migration: migration.id,
        place: firstPlace(migration),
        message: `${migration.id} comes before ${newest.id}, the newest one in ${branch}; ${free}`,
        why: WHY,
        fix: `${rename} Where the tool applies late migrations and nothing depends on the order: checks: version-late: off.`,
      }))
  }),
}
