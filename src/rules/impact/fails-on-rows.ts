// Ups that fail only because a table has rows.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'
import { rowsWay } from './row-queries.js'

const WHY =
  'It runs on the empty tables of a test and fails on the live ones: the deploy stops here, and everything after it waits.'

export const failsOnRows: Rule = {
  id: 'fails-on-rows',
  title: 'The up runs on tables that have rows',
  level: 'error',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_add_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text NOT NULL;
-- 00002_add_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  good: `${MERGED_ORDERS}
-- 00002_add_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text NOT NULL DEFAULT '';
-- 00002_add_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects('fails-on-rows', WHY, rowsWay),
}
