// Rights that an up gives and that were not there before.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'

const WHY = 'What was refused before is allowed for every account that has the role, from the moment of the commit.'

export const opensAccess: Rule = {
  id: 'opens-access',
  title: 'No right is wider than before',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_open.up.sql
GRANT SELECT ON orders TO PUBLIC;
-- 00002_open.down.sql
REVOKE SELECT ON orders FROM PUBLIC;`,
  good: `${MERGED_ORDERS}
-- 00002_close.up.sql
CREATE POLICY everyone ON orders USING (true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
-- 00002_close.down.sql
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
DROP POLICY everyone ON orders;`,
  run: runOnEffects(
    'opens-access',
    WHY,
    () =>
      'Name the role that needs the right instead of PUBLIC, keep row security on, and give a SECURITY DEFINER function SET search_path. Accept a wanted change with a waiver.',
  ),
}
