// Two open pull requests that both want a version.
import { numberOf } from '../../model/change.js'
import { numberWords } from '../numbers.js'
import type { Rule } from '../rule.js'
import { clashesIn } from './fresh.js'
import { runOnChange, firstPlace } from './merged.js'

const WHY = 'The one that is merged second breaks the base branch, although both were green: neither sees the other.'

const OTHER_PULL = `-- 00004_add_phone.up.sql, in pull request 7
ALTER TABLE users ADD COLUMN phone text;
-- 00004_add_phone.down.sql, in pull request 7
ALTER TABLE users DROP COLUMN phone;`

export const pullClash: Rule = {
  id: 'pull-clash',
  title: 'No other open pull request holds the version',
  level: 'warning',
  why: WHY,
  bad: `${OTHER_PULL}
-- 00004_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00004_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: `${OTHER_PULL}
-- 00005_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00005_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: runOnChange((_, input) =>
    clashesIn(input).map(({ migration, pull, first }) => {
      const { free, rename } = numberWords(input, migration)
      return {
        migration: migration.id,
        place: firstPlace(migration),
        message: `version ${numberOf(migration)} of ${migration.id} is also in pull request ${pull.number} (${pull.title})${first === 'other' ? `; ${free}` : ''}`,
        why: WHY,
        fix:
          first === 'other'
            ? `${rename}\nOr agree with ${pull.author} who goes first.`
            : `This one is older: let ${pull.author} take another version.`,
      }
    }),
  ),
}
