// Downs that fail only because a table has rows.
import type { Rule } from '../rule.js'
import { runOnEffects } from './judged.js'
import { rowsWay } from './row-queries.js'

const WHY =
  'The rollback is needed when something else is wrong already. It runs on the empty tables of a test and fails on the live ones.'

export const downFailsOnRows: Rule = {
  id: 'down-fails-on-rows',
  title: 'The down runs on tables that have rows',
  level: 'error',
  why: WHY,
  bad: `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);
-- 00001_orders.down.sql, as merged
DROP TABLE orders;
-- 00002_no_note.up.sql
ALTER TABLE orders DROP COLUMN note;
-- 00002_no_note.down.sql
ALTER TABLE orders ADD COLUMN note text NOT NULL;`,
  good: `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);
-- 00001_orders.down.sql, as merged
DROP TABLE orders;
-- 00002_add_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects('down-fails-on-rows', WHY, rowsWay),
}
