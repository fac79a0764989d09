// A new migration that skips numbers.
import { numberOf } from '../../model/change.js'
import { compareNumbers } from '../../model/version.js'
import { moveLines } from '../numbers.js'
import type { Rule } from '../rule.js'
import { addedVersions, freshIn, stayingIn } from './fresh.js'
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
  run: runOnChange((change, input) => {
    const { tool, folder } = input
    const theirs = change.pulls.flatMap((pull) => addedVersions(pull, folder)).map(valueOf)
    const free = (after: number): number => (theirs.includes(after + 1) ? free(after + 1) : after + 1)
    const fresh = freshIn(input)
    let last = stayingIn(input).at(-1)
    for (const [at, migration] of fresh.entries()) {
      const [before, own] = [last, numberOf(migration)]
      if (last === undefined || compareNumbers(own, numberOf(last)) > 0) last = migration
      if (before === undefined || ![numberOf(before), own].every(isPlain)) continue
      let number = valueOf(numberOf(before))
      if (valueOf(own) <= free(number)) continue
      const moves = fresh.slice(at).flatMap((one) => {
        number = free(number)
        return tool.naming.renumber(input, one, withNumber(own, number))
      })
      return [
        {
          migration: migration.id,
          place: firstPlace(migration),
          message: `${migration.id} skips numbers after ${numberOf(before)}`,
          why: WHY,
          fix:
            moves.length === 0 ? `Give it the number that follows ${numberOf(before)}.` : moveLines(moves).join('\n'),
        },
      ]
    }
    return []
  }),
}

/** Only plain numbers can leave a gap; time stamps cannot. */
const isPlain = (version: string): boolean => /^\D*\d{1,7}$/.test(version)

const valueOf = (version: string): number => Number(version.replaceAll(/\D/g, ''))

const withNumber = (like: string, number: number): string =>
  like.replace(/\d+$/, (digits) => String(number).padStart(digits.length, '0'))
