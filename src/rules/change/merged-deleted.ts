// A migration that others have applied is deleted.
import { numberOf } from '../../model/change.js'
import { filesOf, type Migration } from '../../model/migration.js'
import { foldMany } from '../fold.js'
import { moveLines, nextVersions } from '../numbers.js'
import type { ChangeInput, Rule, RuleInput } from '../rule.js'
import { isLoneDown } from '../read-input.js'
import { restoreAllCommand, restoreCommand, runOnChange } from './merged.js'
import { movedIn } from './moved-files.js'
import { twinsInBase } from './repaired.js'
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
  run: runOnChange((change, input) => {
    const { deleted, branch } = change
    const elsewhere = new Set(movedIn(input).map(({ from }) => from))
    const gone = deleted.filter((one) => !isLoneDown(input, one) && !filesOf(one).some((file) => elsewhere.has(file)))
    const found = gone.map((one) => ({
      migration: undefined,
      place: undefined,
      message: `${one.id} is merged (in ${branch}), and ${filesOf(one)[0] ?? 'its file'} is deleted`,
      why: WHY,
      fix: restoreFix(one, change, input),
    }))
    const fix = `Restore them: ${restoreAllCommand(change, input.folder, gone.flatMap(filesOf))}\nUndo their effects in new migrations.`
    return foldMany(input, found, { rule: 'merged-deleted', what: `merged migrations (in ${branch}) are deleted`, fix })
  }),
}

/** One of two that had the same version cannot come back under it. */
function restoreFix(gone: Migration, change: ChangeInput, input: RuleInput): string {
  const restore = restoreCommand(change, filesOf(gone))
  const left = twinsInBase(change).find(({ migrations }) => migrations.includes(gone))?.migrations ?? []
  const twin = left.find((other) => input.migrations.some(({ id }) => id === other.id))
  if (twin === undefined) return `Restore it: ${restore}, and undo its effects in a new migration.`
  const [version] = nextVersions(input, 1) ?? []
  const moves =
    version === undefined ? [] : input.tool.naming.renumber({ migrations: change.base, files: [] }, gone, version)
  return [
    `Restore it under a version of its own: ${twin.id} has ${numberOf(gone)} too.`,
    restore,
    ...moveLines(moves),
  ].join('\n')
}
