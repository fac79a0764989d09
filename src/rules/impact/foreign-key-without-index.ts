// Foreign keys of existing tables without an index that serves them.
import type { Rule } from '../rule.js'
import { keyWay } from './further-ways.js'
import { runOnEffects } from './judged.js'

const WHY =
  'The server searches the referencing table for each row that is deleted, or whose key changes. Without an index it reads the whole table each time.'

export const foreignKeyWithoutIndex: Rule = {
  id: 'foreign-key-without-index',
  title: 'The columns of a foreign key begin an index',
  level: 'note',
  why: WHY,
  bad: `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
INSERT INTO orders SELECT id FROM generate_series(1, 2000) id;
-- 00001_orders.down.sql, as merged
DROP TABLE orders;
-- 00002_orders_user.up.sql
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- 00002_orders_user.down.sql
ALTER TABLE orders DROP CONSTRAINT orders_user;`,
  good: `-- 00001_orders.up.sql, as merged
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
INSERT INTO orders SELECT id FROM generate_series(1, 2000) id;
CREATE INDEX orders_user_id ON orders (user_id);
-- 00001_orders.down.sql, as merged
DROP TABLE orders;
-- 00002_orders_user.up.sql
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- 00002_orders_user.down.sql
ALTER TABLE orders DROP CONSTRAINT orders_user;`,
  run: runOnEffects('foreign-key-without-index', WHY, keyWay),
}
