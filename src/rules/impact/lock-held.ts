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
-- 00002_country.up.sql
ALTER TABLE countries ADD COLUMN orders bigint;
UPDATE countries SET orders = (SELECT count(*) FROM orders);
-- 00002_country.down.sql
ALTER TABLE countries DROP COLUMN orders;`,
  good: `${MERGED_ORDERS}
-- 00002_country.up.sql
ALTER TABLE countries ADD COLUMN orders bigint;
-- 00002_country.down.sql
ALTER TABLE countries DROP COLUMN orders;
-- 00003_count_orders.up.sql
UPDATE countries SET orders = (SELECT count(*) FROM orders);
-- 00003_count_orders.down.sql
UPDATE countries SET orders = NULL;`,
  run: runOnEffects('lock-held', WHY, heldWay),
}
