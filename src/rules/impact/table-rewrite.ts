// Existing tables that are written again under a lock that clients wait for.
import type { Rule } from '../rule.js'
import { rewriteWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'All clients of the table wait for as long as the whole of it is copied, and all its indexes are built again. On a large table that is an outage of minutes, and the disk needs room for a second copy.'

export const tableRewrite: Rule = {
  id: 'table-rewrite',
  title: 'No table with rows is written again while clients wait',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_token.up.sql
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
-- 00002_add_token.down.sql
ALTER TABLE users DROP COLUMN token;`,
  good: `-- 00002_add_token.up.sql
ALTER TABLE users ADD COLUMN token uuid;
ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();
-- 00002_add_token.down.sql
ALTER TABLE users DROP COLUMN token;`,
  run: runOnEffects('table-rewrite', WHY, rewriteWay),
}
