// Keys, checks and NOT NULL.
import { hazard, quiet, type Case } from '../case.js'
import { COUNTRIES, CUSTOMERS, JOINED_SHOP, ORDERS, SHOP } from '../tables.js'

const FOREIGN_KEY =
  'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id)'
const INDEXED_SHOP = [...SHOP, 'CREATE INDEX orders_by_customer ON orders (customer_id)']
const DROP_KEY = 'ALTER TABLE orders DROP CONSTRAINT orders_customer'

export const constraints: readonly Case[] = [
  hazard('foreign_key', 'blocking-scan', {
    base: INDEXED_SHOP,
    up: [FOREIGN_KEY],
    down: [DROP_KEY],
    why: 'Writes to both tables wait while one is read.',
  }),
  quiet('foreign_key_not_valid', {
    base: INDEXED_SHOP,
    up: [`${FOREIGN_KEY} NOT VALID`],
    down: [DROP_KEY],
    why: 'No row is read.',
  }),
  quiet('foreign_key_validated', {
    base: [...INDEXED_SHOP, `${FOREIGN_KEY} NOT VALID`],
    up: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_customer'],
    down: ['SELECT 1'],
    why: 'Reads all rows while clients write.',
  }),
  hazard('foreign_key_both_halves', 'blocking-scan', {
    base: INDEXED_SHOP,
    up: [`${FOREIGN_KEY} NOT VALID`, 'ALTER TABLE orders VALIDATE CONSTRAINT orders_customer'],
    down: [DROP_KEY],
    why: 'In one transaction the lock of the first half is still held in the second.',
  }),
  quiet('foreign_key_on_new_table', {
    base: CUSTOMERS,
    up: [
      'CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id))',
      'CREATE INDEX visits_customer ON visits (customer_id)',
    ],
    down: ['DROP TABLE visits'],
    why: 'The new table has no rows to compare.',
  }),
  quiet('foreign_key_on_new_column', {
    base: SHOP,
    up: ['ALTER TABLE orders ADD COLUMN referrer_id bigint REFERENCES customers (id)'],
    down: ['ALTER TABLE orders DROP COLUMN referrer_id'],
    why: 'A new column of NULLs is not compared.',
  }),
  hazard('foreign_key_on_new_default', 'blocking-scan', {
    base: SHOP,
    up: ['ALTER TABLE orders ADD COLUMN referrer_id bigint DEFAULT 1 REFERENCES customers (id)'],
    down: ['ALTER TABLE orders DROP COLUMN referrer_id'],
    why: 'A new column with values is compared, row by row.',
  }),
  hazard('foreign_key_without_index', 'foreign-key-without-index', {
    base: SHOP,
    up: [`${FOREIGN_KEY} NOT VALID`],
    down: [DROP_KEY],
    why: 'Each delete of a customer reads all orders.',
  }),
  hazard('cascade_without_index', 'mass-change', {
    or: ['lock-held', 'blocking-scan', 'foreign-key-without-index'],
    base: [...SHOP, `${FOREIGN_KEY} ON DELETE CASCADE`],
    up: ['DELETE FROM customers WHERE id BETWEEN 901 AND 1000'],
    down: ['SELECT 1'],
    why: 'For each of 100 customers all orders are read.',
  }),
  quiet('cascade_of_few', {
    base: [...INDEXED_SHOP, `${FOREIGN_KEY} ON DELETE CASCADE`],
    up: ['DELETE FROM customers WHERE id BETWEEN 996 AND 1000'],
    down: ['SELECT 1'],
    why: 'Thirty rows of 6,000, found by an index.',
  }),
  hazard('foreign_key_orphans', 'fails-on-rows', {
    base: [...SHOP, 'DELETE FROM customers WHERE id = 7'],
    up: [FOREIGN_KEY],
    down: [DROP_KEY],
    why: 'Six orders have no customer.',
  }),
  hazard('deferred_key_at_commit', 'fails-on-rows', {
    base: [...INDEXED_SHOP, `${FOREIGN_KEY} DEFERRABLE INITIALLY DEFERRED`],
    up: ['DELETE FROM customers WHERE id = 7'],
    down: ['SELECT 1'],
    why: 'Each statement runs; COMMIT fails.',
  }),
  quiet('deferred_key_kept', {
    base: [...INDEXED_SHOP, `${FOREIGN_KEY} DEFERRABLE INITIALLY DEFERRED`],
    up: ['DELETE FROM customers WHERE id = 7', "INSERT INTO customers (id, email) VALUES (7, 'seven@shop.test')"],
    down: ['SELECT 1'],
    why: 'At the COMMIT the customer is there again.',
  }),
  hazard('check_constraint', 'blocking-scan', {
    base: ORDERS,
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity > 0)'],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_quantity'],
    why: 'All rows are read under the strongest lock.',
  }),
  quiet('check_not_valid', {
    base: ORDERS,
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity > 0) NOT VALID'],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_quantity'],
    why: 'No row is read, and rows like those that are there pass.',
  }),
  quiet('check_validated', {
    base: [...ORDERS, 'ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity > 0) NOT VALID'],
    up: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity'],
    down: ['SELECT 1'],
    why: 'Reads all rows while clients write.',
  }),
  hazard('check_both_halves', 'blocking-scan', {
    base: ORDERS,
    up: [
      'ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity > 0) NOT VALID',
      'ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity',
    ],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_quantity'],
    why: 'In one transaction the strongest lock is still held in the second half.',
  }),
  hazard('check_refuses_old_inserts', 'breaks-clients', {
    base: ORDERS,
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_note CHECK (length(note) > 20) NOT VALID'],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_note'],
    why: 'No row is read, but rows like those that are there are refused.',
  }),
  hazard('check_fails', 'fails-on-rows', {
    base: ORDERS,
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity > 1)'],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_quantity'],
    why: 'Some orders are for one piece.',
  }),
  quiet('check_on_small_table', {
    base: [...ORDERS, ...COUNTRIES],
    up: ['ALTER TABLE countries ADD CONSTRAINT countries_rank CHECK (rank > 0)'],
    down: ['ALTER TABLE countries DROP CONSTRAINT countries_rank'],
    why: 'Ten rows take no time.',
  }),
  hazard('add_column_with_check', 'blocking-scan', {
    base: ORDERS,
    up: ['ALTER TABLE orders ADD COLUMN weight integer CHECK (weight > 0)'],
    down: ['ALTER TABLE orders DROP COLUMN weight'],
    why: 'The check reads all rows, all of them NULL.',
  }),
  hazard('set_not_null', 'blocking-scan', {
    base: ORDERS,
    up: ['ALTER TABLE orders ALTER COLUMN note SET NOT NULL'],
    down: ['ALTER TABLE orders ALTER COLUMN note DROP NOT NULL'],
    why: 'All rows are read under the strongest lock.',
  }),
  quiet('set_not_null_behind_check', {
    base: [...ORDERS, 'ALTER TABLE orders ADD CONSTRAINT orders_note CHECK (note IS NOT NULL)'],
    up: ['ALTER TABLE orders ALTER COLUMN note SET NOT NULL', 'ALTER TABLE orders DROP CONSTRAINT orders_note'],
    down: [
      'ALTER TABLE orders ADD CONSTRAINT orders_note CHECK (note IS NOT NULL)',
      'ALTER TABLE orders ALTER COLUMN note DROP NOT NULL',
    ],
    why: 'The validated check proves it.',
  }),
  hazard('set_not_null_behind_open_check', 'blocking-scan', {
    base: [...ORDERS, 'ALTER TABLE orders ADD CONSTRAINT orders_note CHECK (note IS NOT NULL) NOT VALID'],
    up: ['ALTER TABLE orders ALTER COLUMN note SET NOT NULL'],
    down: ['ALTER TABLE orders ALTER COLUMN note DROP NOT NULL'],
    why: 'A check that was never validated proves nothing.',
  }),
  hazard('not_null_in_one_transaction', 'blocking-scan', {
    base: ORDERS,
    up: [
      'ALTER TABLE orders ADD CONSTRAINT orders_note CHECK (note IS NOT NULL) NOT VALID',
      'ALTER TABLE orders VALIDATE CONSTRAINT orders_note',
      'ALTER TABLE orders ALTER COLUMN note SET NOT NULL',
      'ALTER TABLE orders DROP CONSTRAINT orders_note',
    ],
    down: ['ALTER TABLE orders ALTER COLUMN note DROP NOT NULL'],
    why: 'The right statements, but all under the lock of the first.',
  }),
  hazard('set_not_null_over_nulls', 'fails-on-rows', {
    base: [...ORDERS, 'UPDATE orders SET note = NULL WHERE id = 5'],
    up: ['ALTER TABLE orders ALTER COLUMN note SET NOT NULL'],
    down: ['ALTER TABLE orders ALTER COLUMN note DROP NOT NULL'],
    why: 'One order has no note.',
  }),
  hazard('several_not_nulls', 'blocking-scan', {
    base: ORDERS,
    up: [
      'ALTER TABLE orders ALTER COLUMN note SET NOT NULL',
      'ALTER TABLE orders ADD CONSTRAINT orders_amount CHECK (amount >= 0)',
    ],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_amount', 'ALTER TABLE orders ALTER COLUMN note DROP NOT NULL'],
    why: 'All rows are read twice.',
  }),
  quiet('set_not_null_on_small_table', {
    base: [...ORDERS, ...COUNTRIES],
    up: ['ALTER TABLE countries ALTER COLUMN rank SET NOT NULL'],
    down: ['ALTER TABLE countries ALTER COLUMN rank DROP NOT NULL'],
    why: 'Ten rows take no time.',
  }),
  hazard('domain_check', 'blocking-scan', {
    base: [
      'CREATE DOMAIN code AS text',
      'CREATE TABLE parts (id bigint PRIMARY KEY, code code)',
      "INSERT INTO parts SELECT n, 'p' || n FROM generate_series(1, 3000) n",
    ],
    up: ['ALTER DOMAIN code ADD CONSTRAINT code_length CHECK (length(VALUE) < 20)'],
    down: ['ALTER DOMAIN code DROP CONSTRAINT code_length'],
    why: 'Each table with the domain is read while writes to it wait.',
  }),
  quiet('domain_check_not_valid', {
    base: [
      'CREATE DOMAIN code AS text',
      'CREATE TABLE parts (id bigint PRIMARY KEY, code code)',
      "INSERT INTO parts SELECT n, 'p' || n FROM generate_series(1, 3000) n",
    ],
    up: ['ALTER DOMAIN code ADD CONSTRAINT code_length CHECK (length(VALUE) < 20) NOT VALID'],
    down: ['ALTER DOMAIN code DROP CONSTRAINT code_length'],
    why: 'No row is read.',
  }),
  quiet('drop_foreign_key', {
    base: JOINED_SHOP,
    up: ['ALTER TABLE orders DROP CONSTRAINT orders_customer_fk'],
    down: ['ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)'],
    why: 'The strongest lock on both tables, for a moment.',
  }),
  quiet('rename_constraint', {
    base: JOINED_SHOP,
    up: ['ALTER TABLE orders RENAME CONSTRAINT orders_customer_fk TO orders_to_customers'],
    down: ['ALTER TABLE orders RENAME CONSTRAINT orders_to_customers TO orders_customer_fk'],
    why: 'A name of no client.',
  }),
  quiet('drop_not_null', {
    base: ORDERS,
    up: ['ALTER TABLE orders ALTER COLUMN code DROP NOT NULL'],
    down: ['ALTER TABLE orders ALTER COLUMN code SET NOT NULL'],
    why: 'Nothing is read, and nothing is refused.',
  }),
]
