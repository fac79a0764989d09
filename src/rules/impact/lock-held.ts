// Locks that clients wait for and that stay while other work goes on.
import type { Rule } from '../rule.js'
import { heldWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'A lock ends with its transaction, not with its statement. Clients of the first table wait for work that has nothing to do with it.'

export const lockHeld: Rule = {
  id: 'lock-held',
  title: 'No lock that clients wait for is held while other work goes on',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_phone.up.sql
ALTER TABLE countries ADD COLUMN phone text;
UPDATE users SET name = upper(name);
-- 00002_phone.down.sql
ALTER TABLE countries DROP COLUMN phone;`,
  good: `-- 00002_phone.up.sql
ALTER TABLE countries ADD COLUMN phone text;
ALTER TABLE users ADD COLUMN phone text;
-- 00002_phone.down.sql
ALTER TABLE users DROP COLUMN phone;
ALTER TABLE countries DROP COLUMN phone;`,
  run: runOnEffects('lock-held', WHY, heldWay),
}
