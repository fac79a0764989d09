// Locks that are held while other work goes on.
import { hazard, quiet, type Case } from '../case.js'
import { COUNTRIES, CUSTOMERS, JOINED_SHOP, ORDERS, SHOP } from '../tables.js'

const ADD = 'ALTER TABLE orders ADD COLUMN added text'
const DROP = 'ALTER TABLE orders DROP COLUMN added'
const CONTAINS_ORDERS =
  'CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(amount) AS total FROM orders GROUP BY 1'

export const locks: readonly Case[] = [
  hazard('lock_held_over_index', 'lock-held', {
    or: ['blocking-index-build'],
    base: SHOP,
    up: [ADD, 'CREATE INDEX customers_email ON customers (email)'],
    down: ['DROP INDEX customers_email', DROP],
    why: 'All clients of orders wait for the index of customers.',
  }),
  hazard('lock_held_over_update', 'lock-held', {
    or: ['mass-change'],
    base: SHOP,
    up: [ADD, "UPDATE customers SET name = 'x'"],
    down: [DROP],
    why: 'All clients of orders wait for an update of all customers.',
  }),
  hazard('column_and_its_fill', 'lock-held', {
    or: ['mass-change'],
    base: ORDERS,
    up: [ADD, 'UPDATE orders SET added = code'],
    down: [DROP],
    why: 'Reads wait for the update of all rows.',
  }),
  hazard('lock_held_over_read', 'lock-held', {
    base: SHOP,
    up: [ADD, 'CREATE TABLE per_country AS SELECT country, count(*) FROM customers GROUP BY country'],
    down: ['DROP TABLE per_country', DROP],
    why: 'All clients of orders wait while customers are read.',
  }),
  quiet('few_rows_under_lock', {
    base: SHOP,
    up: [ADD, "UPDATE orders SET added = 'x' WHERE id = 17"],
    down: [DROP],
    why: 'One row, found by its key.',
  }),
  quiet('small_table_under_lock', {
    base: [...ORDERS, ...COUNTRIES],
    up: [ADD, 'UPDATE countries SET rank = rank + 1', 'CREATE INDEX countries_name ON countries (name)'],
    down: ['DROP INDEX countries_name', 'UPDATE countries SET rank = rank - 1', DROP],
    why: 'Ten rows take no time.',
  }),
  quiet('work_before_lock', {
    base: SHOP,
    up: ['CREATE TABLE per_country AS SELECT country, count(*) FROM customers GROUP BY country', ADD],
    down: [DROP, 'DROP TABLE per_country'],
    why: 'The strong lock comes last.',
  }),
  hazard('slow_statement_under_lock', 'lock-held', {
    base: ORDERS,
    up: [ADD, 'SELECT pg_sleep(1.2)'],
    down: [DROP],
    why: 'All clients of orders wait for more than a second.',
  }),
  hazard('lock_table', 'lock-held', {
    base: SHOP,
    up: ['LOCK TABLE orders IN ACCESS EXCLUSIVE MODE', "UPDATE customers SET country = 'at' WHERE country = 'de'"],
    down: ['SELECT 1'],
    why: 'The lock is held while most customers change.',
  }),
  hazard('lock_table_share', 'lock-held', {
    base: SHOP,
    up: ['LOCK TABLE orders IN SHARE MODE', "UPDATE customers SET country = 'at' WHERE country = 'de'"],
    down: ['SELECT 1'],
    why: 'Writes to orders wait while most customers change.',
  }),
  quiet('lock_table_row_share', {
    base: ORDERS,
    up: ['LOCK TABLE orders IN ROW SHARE MODE', 'CREATE TABLE copy AS SELECT * FROM orders'],
    down: ['DROP TABLE copy'],
    why: 'No client waits for this mode.',
  }),
  quiet('lock_given_back', {
    base: SHOP,
    up: [
      'SAVEPOINT before',
      'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE',
      'ROLLBACK TO SAVEPOINT before',
      'CREATE TABLE per_country AS SELECT country, count(*) FROM customers GROUP BY country',
    ],
    down: ['DROP TABLE per_country'],
    why: 'ROLLBACK TO ends the lock before the work begins.',
  }),
  hazard('lock_kept_by_release', 'lock-held', {
    base: SHOP,
    up: [
      'SAVEPOINT before',
      ADD,
      'RELEASE SAVEPOINT before',
      'CREATE TABLE per_country AS SELECT country, count(*) FROM customers GROUP BY country',
    ],
    down: ['DROP TABLE per_country', DROP],
    why: 'RELEASE keeps the lock.',
  }),
  hazard('two_joined_tables', 'lock-order', {
    or: ['lock-held'],
    base: JOINED_SHOP,
    up: ['ALTER TABLE customers ADD COLUMN added text', ADD],
    down: [DROP, 'ALTER TABLE customers DROP COLUMN added'],
    why: 'A client that writes an order, then its customer, takes them the other way round.',
  }),
  quiet('two_unrelated_tables', {
    base: SHOP,
    up: ['ALTER TABLE customers ADD COLUMN added text', ADD],
    down: [DROP, 'ALTER TABLE customers DROP COLUMN added'],
    why: 'Two strong locks, for a moment.',
  }),
  quiet('trigger', {
    base: [...ORDERS, 'CREATE FUNCTION as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$'],
    up: ['CREATE TRIGGER orders_as_is BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION as_it_is()'],
    down: ['DROP TRIGGER orders_as_is ON orders'],
    why: 'Writes wait for a moment.',
  }),
  hazard('trigger_and_update', 'lock-held', {
    or: ['mass-change'],
    base: [...SHOP, 'CREATE FUNCTION as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$'],
    up: [
      'CREATE TRIGGER orders_as_is BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION as_it_is()',
      'UPDATE orders SET state = state',
    ],
    down: ['DROP TRIGGER orders_as_is ON orders'],
    why: 'Writes wait for the update of all rows.',
  }),
  hazard('trigger_off', 'left-invalid', {
    base: [
      ...ORDERS,
      'CREATE FUNCTION as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER orders_as_is BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION as_it_is()',
    ],
    up: ['ALTER TABLE orders DISABLE TRIGGER orders_as_is'],
    down: ['ALTER TABLE orders ENABLE TRIGGER orders_as_is'],
    why: 'It stays off.',
  }),
  quiet('trigger_off_and_on', {
    base: [
      ...ORDERS,
      'CREATE FUNCTION as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER orders_as_is BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION as_it_is()',
    ],
    up: [
      'ALTER TABLE orders DISABLE TRIGGER orders_as_is',
      "UPDATE orders SET state = 'paid' WHERE id = 3",
      'ALTER TABLE orders ENABLE TRIGGER orders_as_is',
    ],
    down: ['SELECT 1'],
    why: 'It is on again, after a moment.',
  }),
  hazard('refresh', 'table-rewrite', {
    or: ['lock-held', 'blocking-scan', 'blocking-index-build'],
    base: [...ORDERS, CONTAINS_ORDERS],
    up: ['REFRESH MATERIALIZED VIEW totals'],
    down: ['SELECT 1'],
    why: 'Readers of the view wait until it is computed.',
  }),
  quiet('refresh_concurrently', {
    base: [...ORDERS, CONTAINS_ORDERS, 'CREATE UNIQUE INDEX totals_customer ON totals (customer_id)'],
    up: ['REFRESH MATERIALIZED VIEW CONCURRENTLY totals'],
    down: ['SELECT 1'],
    why: 'Readers go on.',
  }),
  quiet('new_materialized_view', {
    base: ORDERS,
    up: [CONTAINS_ORDERS],
    down: ['DROP MATERIALIZED VIEW totals'],
    why: 'Only reads the table.',
  }),
  quiet('grant_on_old_table', {
    base: CUSTOMERS,
    up: ['GRANT SELECT ON customers TO pg_monitor'],
    down: ['REVOKE SELECT ON customers FROM pg_monitor'],
    why: 'No lock that clients wait for.',
  }),
  quiet('comment_on_table', {
    base: CUSTOMERS,
    up: ["COMMENT ON TABLE customers IS 'who buys'"],
    down: ['COMMENT ON TABLE customers IS NULL'],
    why: 'No client waits.',
  }),
]
