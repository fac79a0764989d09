// A new migration that leaves numbers out.
import { compareNumbers } from '../core/version.js'
import type { Check } from './check.js'
import { changeChecked, firstPlace } from './merged.js'

const WHY = 'In a project that counts without gaps a missing number reads as a migration that got lost.'

export const versionGap: Check = {
  id: 'version-gap',
  title: 'Numbers have no gap',
  level: 'off',
  why: WHY,
  bad: `-- 00005_add_fax.up.sql, while the base branch is at 00003
ALTER TABLE users ADD COLUMN fax text;`,
  good: `-- 00004_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;`,
  run: changeChecked(({ added, tip }) => {
    let last = tip.at(-1)?.version
    return added.flatMap((migration) => {
      const before = last
      if (last === undefined || compareNumbers(migration.version, last) > 0) last = migration.version
      if (before === undefined || !leavesGap(before, migration.version)) return []
      return [
        {
          migration: migration.id,
          place: firstPlace(migration),
          message: `${migration.id} leaves numbers out after ${before}`,
          why: WHY,
          fix: 'Give it the number that follows.',
        },
      ]
    })
  }),
}

/** Only plain numbers can have one; a point in time cannot. */
const leavesGap = (before: string, version: string): boolean =>
  [before, version].every((text) => /^\D*\d{1,9}$/.test(text)) && numberOf(version) > numberOf(before) + 1

const numberOf = (version: string): number => Number(version.replaceAll(/\D/g, ''))
