// Existing tables that are written again under a lock that clients wait for.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { rewriteWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'All clients of the table wait for as long as the whole of it is copied, and all its indexes are built again. On a large table that is an outage of minutes, and the disk needs room for a second copy.'

export const tableRewrite: Rule = {
  id: 'table-rewrite',
  title: 'No table with rows is written again while clients wait',
  level: 'error',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_add_token.up.sql
ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
-- 00002_add_token.down.sql
ALTER TABLE orders DROP COLUMN token;`,
  good: `${MERGED_ORDERS}
-- 00002_add_token.up.sql
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
-- 00002_add_token.down.sql
ALTER TABLE orders DROP COLUMN token;`,
  run: runOnEffects('table-rewrite', WHY, rewriteWay),
}
