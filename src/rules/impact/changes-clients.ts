// Statements of clients that get another result after the up.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { runOnEffects } from './judged.js'

const WHY = 'Nothing fails: the application gets other rows or stores other values than its authors expect.'

export const changesClients: Rule = {
  id: 'changes-clients',
  title: 'Statements that clients send now mean the same afterwards',
  level: 'note',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_default_state.up.sql
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'draft';
-- 00002_default_state.down.sql
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';`,
  good: `${MERGED_ORDERS}
-- 00002_add_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects(
    'changes-clients',
    WHY,
    () =>
      'Change the application first, so that it names the value that it wants and does not depend on the old answer. If the change is what you want, there is nothing to do.',
  ),
}
