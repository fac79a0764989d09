// Downs that do not bring back what the up took or changed.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'

const WHY =
  'After a rollback the schema is as before, and these values are not: the application reads what the up left.'

export const downLosesRows: Rule = {
  id: 'down-loses-rows',
  title: 'The down restores values as well as the schema',
  level: 'note',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_close.up.sql
UPDATE orders SET state = 'closed' WHERE id <= 100;
-- 00002_close.down.sql
SELECT 1;`,
  good: `${MERGED_ORDERS}
-- 00002_close.up.sql
CREATE TABLE orders_before AS SELECT id, state FROM orders WHERE id <= 100;
UPDATE orders SET state = 'closed' WHERE id <= 100;
-- 00002_close.down.sql
UPDATE orders SET state = b.state FROM orders_before b WHERE b.id = orders.id;
DROP TABLE orders_before;`,
  run: runOnEffects(
    'down-loses-rows',
    WHY,
    () =>
      'Keep the old values where the down finds them: in another column, or in a table that the up fills (CREATE TABLE ... AS SELECT ...) and the down reads. Otherwise declare the migration irreversible.',
  ),
}
