// Downs that do nothing, where the proof shows that this is right.
import type { Rule } from '../rule.js'
import { IDLE_WORDS, idleDowns } from './proof-results.js'

const WHY = 'The down does nothing. That is right as long as the up leaves nothing behind in the schema.'

export const nothingToUndo: Rule = {
  id: 'nothing-to-undo',
  title: 'An up that leaves nothing in the schema, and a down that does nothing',
  level: 'note',
  why: `${WHY} Rows that the up changes stay changed.`,
  bad: `-- 00003_backfill.up.sql
UPDATE users SET name = '' WHERE name IS NULL;
-- 00003_backfill.down.sql
-- nothing to do`,
  good: `-- 00003_backfill.up.sql
-- migration-gate: irreversible because no one knows which names were missing
UPDATE users SET name = '' WHERE name IS NULL;`,
  run: (input) =>
    idleDowns(input, 'note').map(({ kind, finding }) => ({
      ...finding,
      message: `${IDLE_WORDS[kind]}, and the up left the schema as it was`,
      why: WHY,
      fix: 'Nothing to do. If the up changes rows permanently, declare it: -- migration-gate: irreversible because ...',
    })),
}
