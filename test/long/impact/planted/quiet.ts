// Migrations that look as if they failed on rows or lost some, and do neither.
import { quiet, type Case } from '../case.js'
import { COUNTRIES, CUSTOMERS, EVENTS, JOINED_SHOP, ORDERS, SHOP } from '../tables.js'
import { NOTE, STATES } from './planted.js'

const EMPTY_NOTES = 'UPDATE orders SET note = NULL WHERE id <= 100'

/** `up` and `down` of one ALTER TABLE each. */
const orders = (up: string, down: string): { readonly up: readonly string[]; readonly down: readonly string[] } => ({
  up: [`ALTER TABLE orders ${up}`],
  down: [`ALTER TABLE orders ${down}`],
})

export const harmless: readonly Case[] = [
  quiet('not_null_behind_fill', {
    base: [...ORDERS, EMPTY_NOTES],
    up: [`UPDATE orders SET note = '' WHERE note IS NULL`, `${NOTE} SET NOT NULL`],
    down: [`${NOTE} DROP NOT NULL`, `UPDATE orders SET note = NULL WHERE note = ''`],
    why: 'Each row has a note by then.',
  }),
  quiet('not_null_of_full_column', {
    base: ORDERS,
    ...orders('ALTER COLUMN note SET NOT NULL', 'ALTER COLUMN note DROP NOT NULL'),
    why: 'No note is NULL.',
  }),
  quiet('required_column_with_default', {
    base: ORDERS,
    ...orders('ADD COLUMN weight integer NOT NULL DEFAULT 0', 'DROP COLUMN weight'),
    why: 'Each row gets the default.',
  }),
  quiet('down_of_dropped_not_null', {
    base: ORDERS,
    ...orders('ALTER COLUMN code DROP NOT NULL', 'ALTER COLUMN code SET NOT NULL'),
    why: 'No code is NULL when the down runs.',
  }),
  quiet('unique_where_rows_differ', {
    base: ORDERS,
    ...orders('ADD CONSTRAINT orders_code UNIQUE (code)', 'DROP CONSTRAINT orders_code'),
    why: 'Each code is another one.',
  }),
  quiet('unique_of_some_rows', {
    base: [...ORDERS, `UPDATE orders SET code = 'K3' WHERE id IN (6, 9)`],
    up: [`CREATE UNIQUE INDEX orders_code ON orders (code) WHERE state = 'paid'`],
    down: ['DROP INDEX orders_code'],
    why: 'The equal codes are those of orders in other states.',
  }),
  quiet('unique_over_nulls', {
    base: [...ORDERS, EMPTY_NOTES],
    ...orders('ADD CONSTRAINT orders_note UNIQUE (note)', 'DROP CONSTRAINT orders_note'),
    why: 'NULLs are not equal.',
  }),
  quiet('unique_behind_clean_up', {
    base: [...ORDERS, `UPDATE orders SET note = 'note 1' WHERE id = 2`],
    up: [`UPDATE orders SET note = 'note 2' WHERE id = 2`, 'CREATE UNIQUE INDEX orders_note ON orders (note)'],
    down: ['DROP INDEX orders_note', `UPDATE orders SET note = 'note 1' WHERE id = 2`],
    why: 'The equal rows differ by then.',
  }),
  quiet('foreign_key_beside_nulls', {
    base: [
      ...SHOP,
      'ALTER TABLE orders ADD COLUMN payer bigint',
      'UPDATE orders SET payer = customer_id WHERE id < 50',
    ],
    ...orders('ADD CONSTRAINT orders_payer FOREIGN KEY (payer) REFERENCES customers', 'DROP CONSTRAINT orders_payer'),
    why: 'NULL refers to nothing.',
  }),
  quiet('foreign_key_not_valid', {
    base: [...SHOP, 'DELETE FROM customers WHERE id = 7'],
    ...orders(
      'ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers NOT VALID',
      'DROP CONSTRAINT orders_customer',
    ),
    why: 'The rows that are there are not read.',
  }),
  quiet('orphans_deleted_first', {
    base: [...SHOP, 'DELETE FROM customers WHERE id = 7'],
    up: [
      'INSERT INTO customers (id, email) VALUES (7, $$back@shop.test$$)',
      'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers',
    ],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_customer', 'DELETE FROM customers WHERE id = 7'],
    why: 'The customer is there by then.',
  }),
  quiet('parent_without_children_deleted', {
    base: JOINED_SHOP,
    up: [`INSERT INTO customers (id, email) VALUES (9000, 'x')`, 'DELETE FROM customers WHERE id = 9000'],
    down: ['SELECT 1'],
    why: 'No order is of this customer.',
  }),
  quiet('check_beside_nulls', {
    base: [...ORDERS, EMPTY_NOTES],
    ...orders('ADD CONSTRAINT orders_note CHECK (length(note) > 1)', 'DROP CONSTRAINT orders_note'),
    why: 'A check takes NULL.',
  }),
  quiet('check_not_valid', {
    base: ORDERS,
    ...orders('ADD CONSTRAINT orders_quantity CHECK (quantity > 1) NOT VALID', 'DROP CONSTRAINT orders_quantity'),
    why: 'The rows that are there are not read.',
  }),
  quiet('check_validated', {
    base: [...ORDERS, 'ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity > 0) NOT VALID'],
    up: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity'],
    down: ['SELECT 1'],
    why: 'Each order is for a piece or more.',
  }),
  quiet('partition_attached', {
    base: [
      ...EVENTS,
      'CREATE TABLE archive (LIKE events)',
      `INSERT INTO archive SELECT n, 200 + n % 100, 'click' FROM generate_series(1, 2000) n`,
    ],
    up: ['ALTER TABLE events ATTACH PARTITION archive FOR VALUES FROM (200) TO (300)'],
    down: ['ALTER TABLE events DETACH PARTITION archive'],
    why: 'Its rows are those of the partition.',
  }),
  quiet('varchar_that_fits', {
    base: ORDERS,
    ...orders('ALTER COLUMN code TYPE varchar(5)', 'ALTER COLUMN code TYPE varchar(20)'),
    why: 'No code is longer.',
  }),
  quiet('bigint_that_fits', {
    base: ORDERS,
    ...orders('ALTER COLUMN customer_id TYPE integer', 'ALTER COLUMN customer_id TYPE bigint'),
    why: 'No number is larger.',
  }),
  quiet('text_of_numbers', {
    base: [...ORDERS, 'UPDATE orders SET note = id::text'],
    ...orders('ALTER COLUMN note TYPE integer USING note::integer', 'ALTER COLUMN note TYPE text'),
    why: 'Each note is a number.',
  }),
  quiet('text_of_json', {
    base: [...ORDERS, `UPDATE orders SET note = '{"a": 1}'`],
    ...orders('ALTER COLUMN note TYPE jsonb USING note::jsonb', 'ALTER COLUMN note TYPE text'),
    why: 'Each note is JSON.',
  }),
  quiet('numeric_scale_that_fits', {
    base: [...ORDERS, 'UPDATE orders SET amount = round(amount)'],
    ...orders('ALTER COLUMN amount TYPE numeric(12, 0)', 'ALTER COLUMN amount TYPE numeric(12, 2)'),
    why: 'No amount has cents.',
  }),
  quiet('enum_made_again', {
    base: [...STATES, `UPDATE orders SET state = 'new' WHERE state = 'paid'`],
    up: [
      'ALTER TYPE order_state RENAME TO order_state_old',
      `CREATE TYPE order_state AS ENUM ('new', 'sent')`,
      'ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::text::order_state',
      'DROP TYPE order_state_old',
    ],
    down: [
      'ALTER TYPE order_state RENAME TO order_state_old',
      `CREATE TYPE order_state AS ENUM ('new', 'paid', 'sent')`,
      'ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::text::order_state',
      'DROP TYPE order_state_old',
    ],
    why: 'No order has the state that is gone.',
  }),
  quiet('column_renamed', {
    base: ORDERS,
    ...orders('RENAME COLUMN note TO remark', 'RENAME COLUMN remark TO note'),
    why: 'Its values stay.',
  }),
  quiet('column_moved', {
    base: ORDERS,
    up: [
      'ALTER TABLE orders ADD COLUMN remark text',
      'UPDATE orders SET remark = note',
      'ALTER TABLE orders DROP COLUMN note',
    ],
    down: [
      'ALTER TABLE orders ADD COLUMN note text',
      'UPDATE orders SET note = remark',
      'ALTER TABLE orders DROP COLUMN remark',
    ],
    why: 'Its values are in another column.',
  }),
  quiet('table_copied_whole', {
    base: ORDERS,
    up: [
      'CREATE TABLE orders_new (LIKE orders INCLUDING ALL)',
      'INSERT INTO orders_new OVERRIDING SYSTEM VALUE SELECT * FROM orders',
      'DROP TABLE orders',
      'ALTER TABLE orders_new RENAME TO orders',
      `SELECT setval(pg_get_serial_sequence('orders', 'id'), 6000)`,
    ],
    down: ['SELECT 1'],
    why: 'Each row is in the new table, and the numbers go on.',
  }),
  quiet('empty_column_dropped', {
    base: [...ORDERS, 'ALTER TABLE orders ADD COLUMN old text'],
    ...orders('DROP COLUMN old', 'ADD COLUMN old text'),
    why: 'There is no value in it.',
  }),
  quiet('view_dropped', {
    base: [...ORDERS, 'CREATE VIEW open_orders AS SELECT id, note FROM orders'],
    up: ['DROP VIEW open_orders'],
    down: ['CREATE VIEW open_orders AS SELECT id, note FROM orders'],
    why: 'Its rows are those of the table.',
  }),
  quiet('sequence_forward', {
    base: CUSTOMERS,
    up: [`SELECT setval(pg_get_serial_sequence('customers', 'id'), 20000)`],
    down: ['SELECT 1'],
    why: 'No number comes twice.',
  }),
  quiet('rows_added_and_removed', {
    base: [...ORDERS, ...COUNTRIES],
    up: [`INSERT INTO countries VALUES ('xx', 'new', 99)`],
    down: [`DELETE FROM countries WHERE code = 'xx'`],
    why: 'The down takes what the up brought.',
  }),
  quiet('written_and_back', {
    base: ORDERS,
    up: [`UPDATE orders SET note = note || '!' WHERE id <= 50`],
    down: [`UPDATE orders SET note = left(note, -1) WHERE id <= 50`],
    why: 'Each note is as it was.',
  }),
  quiet('index_dropped', {
    base: [...ORDERS, 'CREATE UNIQUE INDEX orders_code ON orders (code)'],
    up: ['DROP INDEX orders_code'],
    down: ['CREATE UNIQUE INDEX orders_code ON orders (code)'],
    why: 'Each code is still another one.',
  }),
  quiet('foreign_key_dropped', {
    base: JOINED_SHOP,
    ...orders(
      'DROP CONSTRAINT orders_customer_fk',
      'ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)',
    ),
    why: 'Each order still has its customer.',
  }),
]
