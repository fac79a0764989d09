// Two migrations under one version.
import { numberOf } from '../../model/change.js'
import { filesOf } from '../../model/migration.js'
import { duplicatesIn, numberWords, type Duplicate } from '../numbers.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { ADD_PHONE } from '../samples.js'
import { rightFix } from '../right-name.js'

export const duplicateVersion: Rule = {
  id: 'duplicate-version',
  title: 'No two migrations share a version',
  level: 'error',
  why: 'The tool stops for every command, or applies one of the two and treats both as applied.',
  bad: `${ADD_PHONE}
-- 00002_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: `${ADD_PHONE}
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: (input) => [
    ...duplicatesIn(input).map((one) => finding(input, one)),
    ...input.problems
      .filter(({ rule, twin }) => rule === 'duplicate-version' && twin === undefined)
      .map((problem) => {
        const { migration, place, message, why } = problem
        return { migration, place, message, why, fix: rightFix(input, problem).fix }
      }),
  ],
}

/** An edit of its text is another offence. */
const ABOUT_NUMBERS = ['merged-repaired', 'file-name', 'pull-clash', 'version-gap', 'file-name-words']

function finding(input: RuleInput, { migration, other, why }: Duplicate): RuleFinding {
  const [own = '', theirs = ''] = [migration, other].map((one) => filesOf(one)[0])
  const { rename } = numberWords(input, migration)
  const isUnclear = input.change === undefined
  return {
    migration: migration.id,
    place: { file: own, line: 1, column: 1 },
    message: `version ${numberOf(migration)} is taken twice: ${theirs} and ${own}`,
    why,
    fix: isUnclear ? `${rename}\nIf ${other.id} is the newer one, rename that instead.` : rename,
    same: filesOf(migration).map((file) => ({ file, by: ABOUT_NUMBERS })),
  }
}
