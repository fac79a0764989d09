// Two existing tables that are locked one after the other.
import type { Rule } from '../rule.js'
import { runOnEffects } from './judged.js'

const WHY =
  'A client that has locked the second table and waits for the first ends in a deadlock: the server cancels the client or the migration.'

export const lockOrder: Rule = {
  id: 'lock-order',
  title: 'Tables that clients lock together are locked in one step',
  level: 'note',
  why: WHY,
  bad: `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
-- 00001_orders.down.sql, as merged
DROP TABLE orders;
-- 00002_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
-- 00001_orders.down.sql, as merged
DROP TABLE orders;
-- 00002_users_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00002_users_phone.down.sql
ALTER TABLE users DROP COLUMN phone;
-- 00003_orders_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00003_orders_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects(
    'lock-order',
    WHY,
    () =>
      'Give each of them a migration of its own, or take both locks first, in the order of the application: LOCK TABLE first_table, second_table IN ACCESS EXCLUSIVE MODE;',
  ),
}
