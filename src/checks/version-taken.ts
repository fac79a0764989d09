// A new migration with a version that the base branch has given away.
import { versionKey } from '../core/version.js'
import type { Check, SubjectChange } from './check.js'
import { changeChecked, firstPlace } from './merged.js'

const WHY =
  'After the merge two migrations share the version: the tool stops for every command, or applies one of the two and believes that both are done.'

export const versionTaken: Check = {
  id: 'version-taken',
  title: 'A new migration has a version of its own',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_fax.up.sql, while the base branch has 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN fax text;`,
  good: `-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;`,
  run: changeChecked((change) =>
    newcomers(change).flatMap((migration) => {
      const holder = change.tip.find(
        ({ id, version }) => id !== migration.id && versionKey(version) === versionKey(migration.version),
      )
      if (holder === undefined) return []
      return [
        {
          migration: migration.id,
          place: firstPlace(migration),
          message: `version ${migration.version} of ${migration.id} is taken: ${change.branch} has ${holder.id}; the next free one is ${change.next}`,
          why: WHY,
          fix: `Rename its files to version ${change.next}.`,
        },
      ]
    }),
  ),
}

/** What would be new on the base branch. */
export const newcomers = ({ added, renamed }: SubjectChange): SubjectChange['added'] => [
  ...added,
  ...renamed.filter(({ now, before }) => versionKey(now.version) !== versionKey(before.version)).map(({ now }) => now),
]
