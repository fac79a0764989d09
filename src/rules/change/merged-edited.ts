// The up of a migration that others have applied has changed.
import { isEffective, type Edited, type ScriptEdit } from '../../model/change.js'
import { filesOf } from '../../model/migration.js'
import type { ChangeInput, Rule, RuleFinding } from '../rule.js'
import { runOnChange, firstPlace, restoreCommand } from './merged.js'

const WHY =
  'Databases that have applied it never run it again: they keep the old schema while new ones get the new one. Tools that keep checksums stop.'

const WORDS: Readonly<Record<ScriptEdit, string>> = {
  text: 'its up has changed',
  comments: 'the comments or blanks of its up have changed',
  'line ends': 'the line ends of its up have changed',
  'line ends in text': 'the line ends in a string or a body of its up have changed',
  mode: 'the transaction mode of its up has changed',
  added: 'it had no up before',
  removed: 'its up is gone',
}

export const mergedEdited: Rule = {
  id: 'merged-edited',
  title: 'A merged up stays as it is',
  level: 'error',
  why: `${WHY} Comments and blanks reach no database, so an edit of these alone is a finding only where a tool keeps checksums (sqlx, Flyway, refinery, Prisma).`,
  bad: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone varchar(20);`,
  good: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00003_limit_phone.up.sql
ALTER TABLE users ALTER COLUMN phone TYPE varchar(20);
-- 00003_limit_phone.down.sql
ALTER TABLE users ALTER COLUMN phone TYPE text;`,
  run: runOnChange((change) =>
    [...change.edited, ...change.rewritten].flatMap((one) => {
      const { up } = one
      if (up === undefined) return []
      if (isEffective(up)) return [finding(one, up, { change, why: WHY })]
      const { checksums } = change
      if (checksums === undefined || !isSeen(one, change)) return []
      const why = `${checksums.title} keeps a checksum of each applied file, comments and blanks included, ${checksums.words}.`
      return [finding(one, up, { change, why })]
    }),
  ),
}

const isSeen = ({ now, before }: Edited, { checksums }: ChangeInput): boolean =>
  now.up !== undefined && before.up !== undefined && checksums?.sees(now.up, before.up) === true

const finding = (
  { now, before }: Edited,
  edit: ScriptEdit,
  { change: { branch }, why }: { readonly change: ChangeInput; readonly why: string },
): RuleFinding => ({
  migration: now.id,
  place: firstPlace(now) ?? firstPlace(before),
  message: `${now.id} is merged (in ${branch}), and ${WORDS[edit]}`,
  why,
  fix: isEffective(edit)
    ? `Revert the edit: ${restoreCommand(branch, filesOf(before).slice(0, 1))}, and put the change in a new migration.`
    : `Revert the edit: ${restoreCommand(branch, filesOf(before).slice(0, 1))}.`,
})
