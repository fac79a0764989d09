// A migration that others have applied is deleted.
import { filesOf } from '../../model/migration.js'
import type { Rule } from '../rule.js'
import { runOnChange, restoreCommand } from './merged.js'
import { DELETED_PHONE } from '../samples.js'

const WHY =
  'Databases that have applied it cannot be rolled back past it. Tools report an applied migration without a file. New databases never get what it made.'

export const mergedDeleted: Rule = {
  id: 'merged-deleted',
  title: 'A merged migration stays',
  level: 'error',
  why: WHY,
  bad: `${DELETED_PHONE}
-- 00003_add_fax.up.sql, as merged
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql, as merged
ALTER TABLE users DROP COLUMN fax;`,
  good: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00003_drop_phone.up.sql
ALTER TABLE users DROP COLUMN phone;
-- 00003_drop_phone.down.sql
ALTER TABLE users ADD COLUMN phone text;`,
  run: runOnChange(({ deleted, branch }) =>
    deleted.map((gone) => ({
      migration: undefined,
      place: undefined,
      message: `${gone.id} is merged (in ${branch}), and ${filesOf(gone)[0] ?? 'its file'} is deleted`,
      why: WHY,
      fix: `Restore it: ${restoreCommand(branch, filesOf(gone))}, and undo its effects in a new migration.`,
    })),
  ),
}
