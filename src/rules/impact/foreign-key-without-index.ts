// Foreign keys of existing tables without an index that serves them.
import type { Rule } from '../rule.js'
import { MERGED_ORDERS } from '../samples.js'
import { keyWay } from './further-ways.js'
import { runOnEffects } from './judged.js'

const WHY =
  'The server searches the referencing table for each row that is deleted, or whose key changes. Without an index it reads the whole table each time.'

export const foreignKeyWithoutIndex: Rule = {
  id: 'foreign-key-without-index',
  title: 'The columns of a foreign key begin an index',
  level: 'note',
  why: WHY,
  bad: `${MERGED_ORDERS}
-- 00002_orders_user.up.sql
ALTER TABLE orders ADD COLUMN user_id bigint;
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- 00002_orders_user.down.sql
ALTER TABLE orders DROP COLUMN user_id;`,
  good: `${MERGED_ORDERS}
-- 00002_add_phone.up.sql
ALTER TABLE orders ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE orders DROP COLUMN phone;`,
  run: runOnEffects('foreign-key-without-index', WHY, keyWay),
}
