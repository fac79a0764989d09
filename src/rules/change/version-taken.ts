// A new migration with a version that the base branch already uses.
import { numberOf, sameNumber } from '../../model/change.js'
import type { Migration } from '../../model/migration.js'
import type { Rule, ChangeInput } from '../rule.js'
import { runOnChange, firstPlace, nextWords } from './merged.js'

const WHY =
  'After the merge two migrations share the version. The tool stops for every command, or applies one of the two and treats both as applied.'

const MERGED_MEANWHILE = `-- 00002_add_phone.up.sql, merged meanwhile
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, merged meanwhile
ALTER TABLE users DROP COLUMN phone;`

export const versionTaken: Rule = {
  id: 'version-taken',
  title: 'A new migration has its own version',
  level: 'error',
  why: WHY,
  bad: `${MERGED_MEANWHILE}
-- 00002_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00002_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  good: `${MERGED_MEANWHILE}
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: runOnChange((change, { tool }) =>
    change.added.flatMap((migration) => {
      const holder = change.tip
        .filter((other) => staysBehind(other, change))
        .find((other) => other.id !== migration.id && sameNumber(other, migration))
      if (holder === undefined) return []
      const { free, rename } = nextWords(change, tool)
      return [
        {
          migration: migration.id,
          place: firstPlace(migration),
          message: `version ${numberOf(migration)} of ${migration.id} is taken: ${change.branch} has ${holder.id}; ${free}`,
          why: WHY,
          fix: rename,
        },
      ]
    }),
  ),
}

/** Whether the migration of the base is still there after the merge: the change may rename or delete it. */
const staysBehind = ({ id }: Migration, { renamed, deleted }: ChangeInput): boolean =>
  ![...renamed.map(({ before }) => before), ...deleted].some((gone) => gone.id === id)
