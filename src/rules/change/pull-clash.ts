// Two open pull requests that both want a version.
import { numberOf, type OpenPull } from '../../model/change.js'
import { versionInPath, versionKey } from '../../model/version.js'
import type { Rule } from '../rule.js'
import { runOnChange, firstPlace, nextWords } from './merged.js'

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
  run: runOnChange((change, { folder, tool }) =>
    change.added.flatMap((migration) => {
      const holder = change.pulls.find((pull) => holds(pull, folder, numberOf(migration)))
      if (holder === undefined) return []
      const { free, rename } = nextWords(change, tool)
      const first = change.pull === undefined || holder.number < change.pull
      return [
        {
          migration: migration.id,
          place: firstPlace(migration),
          message: `version ${numberOf(migration)} of ${migration.id} is also in pull request ${holder.number} (${holder.title})${first ? `; ${free}` : ''}`,
          why: WHY,
          fix: first
            ? `${rename.slice(0, -1)}, or agree with ${holder.author} who goes first.`
            : `This one is older: let ${holder.author} take another version.`,
        },
      ]
    }),
  ),
}

const holds = ({ files }: OpenPull, folder: string, version: string): boolean =>
  files.some(
    ({ path, status }) =>
      (status === 'added' || status === 'renamed') &&
      versionKey(versionInPath(path, folder) ?? '-') === versionKey(version),
  )
