// A new migration with a version that the base branch already uses.
import { numberOf } from '../../model/change.js'
import { filesOf } from '../../model/migration.js'
import { numberWords } from '../numbers.js'
import type { Rule } from '../rule.js'
import { takenIn } from './fresh.js'
import { sameFiles } from '../one-offence.js'
import { runOnChange, firstPlace } from './merged.js'

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
  run: runOnChange(({ branch }, input) =>
    takenIn(input).map(({ migration, holder }) => {
      const { free, rename } = numberWords(input, migration)
      return {
        migration: migration.id,
        place: firstPlace(migration),
        message: `version ${numberOf(migration)} of ${migration.id} is taken: ${branch} has ${holder.id}; ${free}`,
        why: input.tool.records.sameNumber ?? WHY,
        fix: rename,
        same: [...sameFiles(migration), ...filesOf(holder).map((file) => ({ file, by: ['duplicate-version'] }))],
      }
    }),
  ),
}
