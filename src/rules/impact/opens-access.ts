// Rights that an up gives and that were not there before.
import type { Rule } from '../rule.js'
import { runOnEffects } from './judged.js'

const WHY = 'What was refused before is allowed for every account that has the role, from the moment of the commit.'

export const opensAccess: Rule = {
  id: 'opens-access',
  title: 'No right is wider than before',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_open_users.up.sql
GRANT SELECT ON users TO PUBLIC;
-- 00002_open_users.down.sql
REVOKE SELECT ON users FROM PUBLIC;`,
  good: `-- 00002_close_users.up.sql
CREATE POLICY everyone ON users USING (true);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
-- 00002_close_users.down.sql
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
DROP POLICY everyone ON users;`,
  run: runOnEffects(
    'opens-access',
    WHY,
    () =>
      'Name the role that needs the right instead of PUBLIC, keep row security on, and give a SECURITY DEFINER function SET search_path. Accept a wanted change with a waiver.',
  ),
}
