// The up of a migration that others have applied has changed.
import type { Edited, ScriptEdit } from '../../model/change.js'
import { filesOf } from '../../model/migration.js'
import type { Rule, RuleFinding } from '../rule.js'
import { runOnChange, firstPlace, restoreCommand } from './merged.js'

const WHY =
  'Databases that have applied it never run it again: they keep the old schema while new ones get the new one. Tools that keep checksums stop.'

const WORDS: Readonly<Record<ScriptEdit, string>> = {
  text: 'its up has changed',
  comments: 'the comments or blanks of its up have changed',
  'line ends': 'the line ends of its up have changed',
  mode: 'the transaction mode of its up has changed',
  added: 'it had no up before',
  removed: 'its up is gone',
}

export const mergedEdited: Rule = {
  id: 'merged-edited',
  title: 'A merged up stays as it is',
  level: 'error',
  why: WHY,
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
  run: runOnChange(({ edited, branch }) =>
    edited.flatMap((one) => (one.up === undefined ? [] : [finding(one, one.up, branch)])),
  ),
}

const finding = ({ now, before }: Edited, edit: ScriptEdit, branch: string): RuleFinding => ({
  migration: now.id,
  place: firstPlace(now) ?? firstPlace(before),
  message: `${now.id} is merged (in ${branch}), and ${WORDS[edit]}`,
  why: WHY,
  fix: `Revert the edit: ${restoreCommand(branch, filesOf(before).slice(0, 1))}, and put the change in a new migration.`,
})
