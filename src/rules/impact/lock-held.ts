// Locks that clients wait for and that stay while other work goes on.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { heldWay } from './better-way.js'
import { runOnEffects } from './judged.js'

const WHY =
  'A lock ends with its transaction, not with its statement. Clients of the first table wait for work that has nothing to do with it.'

export const lockHeld: Rule = {
  id: 'lock-held',
  title: 'No lock that clients wait for is held while other work goes on',
  level: 'warning',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_states.up.sql
ALTER TABLE users ADD COLUMN phone text;
CREATE TABLE states AS SELECT state, count(*) FROM orders GROUP BY state;
-- 00002_states.down.sql
DROP TABLE states;
ALTER TABLE users DROP COLUMN phone;`,
  good: `${MERGED_ORDERS}
-- 00002_states.up.sql
CREATE TABLE states AS SELECT state, count(*) FROM orders GROUP BY state;
-- 00002_states.down.sql
DROP TABLE states;
-- 00003_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00003_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  run: runOnEffects('lock-held', WHY, heldWay),
}
