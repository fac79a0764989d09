// Downs that fail only because a table has rows.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'
import { rowsWay } from './row-queries.js'

const WHY =
  'The rollback is needed when something else is wrong already. It runs on the empty tables of a test and fails on the live ones.'

export const downFailsOnRows: Rule = {
  id: 'down-fails-on-rows',
  title: 'The down runs on tables that have rows',
  level: 'error',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_no_note.up.sql
ALTER TABLE orders ADD COLUMN phone text;
ALTER TABLE orders DROP COLUMN note;
-- 00002_no_note.down.sql
ALTER TABLE orders ADD COLUMN note text NOT NULL;
ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;
ALTER TABLE orders DROP COLUMN phone;`,
  good: `${MERGED_ORDERS}
-- 00002_no_note.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_no_note.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects('down-fails-on-rows', WHY, rowsWay),
}
