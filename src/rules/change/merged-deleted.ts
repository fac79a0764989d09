// A migration that others have applied is deleted.
import { filesOf } from '../../model/migration.js'
import type { Rule } from '../rule.js'
import { runOnChange, restoreCommand } from './merged.js'
import { addColumn } from '../samples.js'

const WHY =
  'Databases that have applied it cannot be rolled back past it. Tools report an applied migration without a file. New databases never get what it made.'

export const mergedDeleted: Rule = {
  id: 'merged-deleted',
  title: 'A merged migration stays',
  level: 'error',
  why: WHY,
  bad: `${addColumn('00002', 'phone', 'merged and deleted here')}
${addColumn('00003', 'fax', 'as merged')}`,
  good: `${addColumn('00002', 'phone', 'as merged')}
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
