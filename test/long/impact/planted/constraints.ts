// Rows that a constraint refuses.
import { CUSTOMERS, EVENTS, JOINED_SHOP, ORDERS, SHOP } from '../tables.js'
import { ALL_ORDERS, known, NOTE, plant, type Planted } from './planted.js'

const TAGS = [
  'CREATE TABLE tags (id bigint, name text)',
  `INSERT INTO tags SELECT nullif(n, 7), 'tag ' || n FROM generate_series(1, 2000) n`,
]

const NO_NOTE = 'SELECT count(*) FROM orders WHERE note IS NULL'
const ORPHANS = 'SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = o.customer_id)'

/** How many rows have a value of `key` that another one has as well. */
const equal = (table: string, key: string, where = 'true'): string =>
  `SELECT sum(n) FROM (SELECT count(*) AS n FROM ${table} WHERE ${where} GROUP BY ${key} HAVING count(*) > 1) x`

const required: readonly Planted[] = [
  known('set_not_null_over_nulls', 'fails-on-rows', {
    sqlstate: '23502',
    table: 'orders',
    column: 'note',
    count: NO_NOTE,
  }),
  plant('not_null_in_do', 'fails-on-rows', {
    sqlstate: '23502',
    base: [...ORDERS, 'UPDATE orders SET note = NULL WHERE id <= 12'],
    up: [`DO $$ BEGIN EXECUTE 'ALTER TABLE orders ALTER COLUMN ' || 'note SET NOT NULL'; END $$`],
    table: 'orders',
    column: 'note',
    count: NO_NOTE,
  }),
  plant('not_null_behind_partial_fill', 'fails-on-rows', {
    sqlstate: '23502',
    base: [...ORDERS, 'UPDATE orders SET note = NULL WHERE id <= 12'],
    up: ["UPDATE orders SET note = '' WHERE note IS NULL AND id <= 9", `${NOTE} SET NOT NULL`],
    behind: 1,
    table: 'orders',
    column: 'note',
    count: NO_NOTE,
  }),
  plant('required_number', 'fails-on-rows', {
    sqlstate: '23502',
    base: ORDERS,
    up: ['ALTER TABLE orders ADD COLUMN weight integer NOT NULL'],
    table: 'orders',
    column: 'weight',
    count: ALL_ORDERS,
  }),
  plant('not_null_by_insert', 'fails-on-rows', {
    sqlstate: '23502',
    base: [...SHOP, 'UPDATE orders SET note = NULL WHERE id <= 7'],
    up: ['INSERT INTO customers (email) SELECT note FROM orders'],
    table: 'customers',
    column: 'email',
    count: NO_NOTE,
  }),
  plant('not_null_by_update', 'fails-on-rows', {
    sqlstate: '23502',
    base: CUSTOMERS,
    up: ["UPDATE customers SET country = nullif(country, 'fr')"],
    table: 'customers',
    column: 'country',
    count: "SELECT count(*) FROM customers WHERE country = 'fr'",
  }),
  plant('primary_key_over_nulls', 'fails-on-rows', {
    sqlstate: '23502',
    base: TAGS,
    up: ['ALTER TABLE tags ADD PRIMARY KEY (id)'],
    table: 'tags',
    column: 'id',
    count: 'SELECT count(*) FROM tags WHERE id IS NULL',
  }),
  known('down_meets_nulls', 'down-fails-on-rows', {
    sqlstate: '23502',
    table: 'orders',
    column: 'code',
    count: 'SELECT count(*) FROM orders WHERE code IS NULL',
  }),
]

const unique: readonly Planted[] = [
  known('unique_index_duplicates', 'fails-on-rows', {
    sqlstate: '23505',
    table: 'orders',
    column: 'customer_id',
    count: equal('orders', 'customer_id'),
  }),
  known('concurrently_over_duplicates', 'fails-on-rows', {
    sqlstate: '23505',
    table: 'orders',
    column: 'customer_id',
    count: equal('orders', 'customer_id'),
  }),
  plant('unique_code', 'fails-on-rows', {
    sqlstate: '23505',
    base: [...ORDERS, "UPDATE orders SET code = 'K1' WHERE id IN (2, 3)"],
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code)'],
    table: 'orders',
    column: 'code',
    count: equal('orders', 'code'),
  }),
  plant('unique_of_two', 'fails-on-rows', {
    sqlstate: '23505',
    base: ORDERS,
    up: ['CREATE UNIQUE INDEX orders_customer_state ON orders (customer_id, state)'],
    table: 'orders',
    count: equal('orders', 'customer_id, state'),
  }),
  plant('unique_expression', 'fails-on-rows', {
    sqlstate: '23505',
    base: [...CUSTOMERS, `UPDATE customers SET email = 'C1@shop.test' WHERE id = 2`],
    up: ['CREATE UNIQUE INDEX customers_email ON customers (lower(email))'],
    table: 'customers',
    count: equal('customers', 'lower(email)'),
  }),
  plant('unique_partial', 'fails-on-rows', {
    sqlstate: '23505',
    base: ORDERS,
    up: [`CREATE UNIQUE INDEX orders_open ON orders (customer_id) WHERE state = 'new'`],
    table: 'orders',
    column: 'customer_id',
    count: equal('orders', 'customer_id', `state = 'new'`),
  }),
  plant('unique_beside_nulls', 'fails-on-rows', {
    sqlstate: '23505',
    base: [...ORDERS, `UPDATE orders SET note = CASE WHEN id < 100 THEN NULL ELSE 'same' END WHERE id <= 102`],
    up: ['CREATE UNIQUE INDEX orders_note ON orders (note)'],
    table: 'orders',
    column: 'note',
    count: equal('orders', 'note', 'note IS NOT NULL'),
  }),
  plant('unique_nulls_not_distinct', 'fails-on-rows', {
    since: 15,
    sqlstate: '23505',
    base: [...ORDERS, 'UPDATE orders SET note = NULL WHERE id <= 100'],
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_note UNIQUE NULLS NOT DISTINCT (note)'],
    table: 'orders',
    column: 'note',
    count: equal('orders', 'note'),
  }),
  plant('primary_key_over_duplicates', 'fails-on-rows', {
    sqlstate: '23505',
    base: [...TAGS, 'UPDATE tags SET id = 8 WHERE id IS NULL'],
    up: ['ALTER TABLE tags ADD PRIMARY KEY (id)'],
    table: 'tags',
    column: 'id',
    count: equal('tags', 'id'),
  }),
  known('update_meets_key', 'fails-on-rows', {
    sqlstate: '23505',
    table: 'orders',
    column: 'code',
    count: "SELECT count(*) FROM orders WHERE code = 'K1' OR id = 2",
  }),
  plant('insert_meets_key', 'fails-on-rows', {
    sqlstate: '23505',
    base: [...CUSTOMERS, 'CREATE UNIQUE INDEX customers_email ON customers (email)'],
    up: [`INSERT INTO customers (email) VALUES ('c5@shop.test'), ('new@shop.test'), ('c6@shop.test')`],
    table: 'customers',
    column: 'email',
    count: `SELECT 2 * count(*) FROM customers WHERE email IN ('c5@shop.test', 'c6@shop.test', 'new@shop.test')`,
  }),
  known('down_meets_duplicates', 'down-fails-on-rows', {
    sqlstate: '23505',
    table: 'orders',
    column: 'code',
    count: equal('orders', 'code'),
  }),
]

const keys: readonly Planted[] = [
  known('foreign_key_orphans', 'fails-on-rows', {
    sqlstate: '23503',
    table: 'orders',
    column: 'customer_id',
    count: ORPHANS,
  }),
  known('deferred_key_at_commit', 'fails-on-rows', {
    sqlstate: '23503',
    table: 'orders',
    column: 'customer_id',
    count: 'SELECT count(*) FROM orders WHERE customer_id = 7',
  }),
  plant('validated_orphans', 'fails-on-rows', {
    sqlstate: '23503',
    base: [
      ...SHOP,
      'DELETE FROM customers WHERE id IN (7, 8)',
      'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID',
    ],
    up: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_customer'],
    table: 'orders',
    column: 'customer_id',
    count: ORPHANS,
  }),
  plant('key_of_two', 'fails-on-rows', {
    sqlstate: '23503',
    base: [
      ...ORDERS,
      'CREATE TABLE rates (state text, quantity integer, PRIMARY KEY (state, quantity))',
      "INSERT INTO rates SELECT s, q FROM unnest(ARRAY['new', 'paid', 'sent']) s, generate_series(1, 8) q",
    ],
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_rate FOREIGN KEY (state, quantity) REFERENCES rates'],
    table: 'orders',
    count: 'SELECT count(*) FROM orders WHERE quantity > 8',
  }),
  plant('parent_deleted', 'fails-on-rows', {
    sqlstate: '23503',
    base: JOINED_SHOP,
    up: ['DELETE FROM customers WHERE id IN (7, 9)'],
    table: 'orders',
    column: 'customer_id',
    count: 'SELECT count(*) FROM orders WHERE customer_id IN (7, 9)',
  }),
  plant('child_without_parent', 'fails-on-rows', {
    sqlstate: '23503',
    base: JOINED_SHOP,
    up: ["UPDATE orders SET customer_id = customer_id + 5000 WHERE state = 'paid' AND id <= 60"],
    table: 'orders',
    column: 'customer_id',
    count: "SELECT count(*) FROM orders WHERE state = 'paid' AND id <= 60",
  }),
  plant('down_meets_orphans', 'down-fails-on-rows', {
    sqlstate: '23503',
    base: JOINED_SHOP,
    up: ['ALTER TABLE orders DROP CONSTRAINT orders_customer_fk', 'DELETE FROM customers WHERE id = 3'],
    down: ['ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)'],
    table: 'orders',
    column: 'customer_id',
    count: ORPHANS,
  }),
]

const checks: readonly Planted[] = [
  known('check_fails', 'fails-on-rows', {
    sqlstate: '23514',
    table: 'orders',
    column: 'quantity',
    count: 'SELECT count(*) FROM orders WHERE NOT quantity > 1',
  }),
  plant('check_in_do', 'fails-on-rows', {
    sqlstate: '23514',
    base: ORDERS,
    up: [`DO $$ BEGIN EXECUTE 'ALTER TABLE orders ADD CHECK (amount > 1)'; END $$`],
    table: 'orders',
    column: 'amount',
    count: 'SELECT count(*) FROM orders WHERE NOT amount > 1',
  }),
  plant('check_of_two', 'fails-on-rows', {
    sqlstate: '23514',
    base: [...ORDERS, 'UPDATE orders SET note = NULL'],
    up: ['ALTER TABLE orders ADD CONSTRAINT orders_worth CHECK (amount > quantity)'],
    table: 'orders',
    count: 'SELECT count(*) FROM orders WHERE NOT amount > quantity',
  }),
  plant('validated_check', 'fails-on-rows', {
    sqlstate: '23514',
    base: [...ORDERS, `ALTER TABLE orders ADD CONSTRAINT orders_state CHECK (state IN ('new', 'paid')) NOT VALID`],
    up: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_state'],
    table: 'orders',
    column: 'state',
    count: `SELECT count(*) FROM orders WHERE state NOT IN ('new', 'paid')`,
  }),
  plant('update_breaks_check', 'fails-on-rows', {
    sqlstate: '23514',
    base: [...CUSTOMERS, 'ALTER TABLE customers ADD CONSTRAINT customers_visits CHECK (visits < 100)'],
    up: ['UPDATE customers SET visits = visits * 3'],
    table: 'customers',
    column: 'visits',
    count: 'SELECT count(*) FROM customers WHERE NOT visits * 3 < 100',
  }),
  plant('attached_rows_elsewhere', 'fails-on-rows', {
    sqlstate: '23514',
    base: [
      ...EVENTS,
      'CREATE TABLE archive (LIKE events)',
      `INSERT INTO archive SELECT n, 195 + n % 100, 'click' FROM generate_series(1, 2000) n`,
    ],
    up: ['ALTER TABLE events ATTACH PARTITION archive FOR VALUES FROM (200) TO (300)'],
    table: 'archive',
    count: 'SELECT count(*) FROM archive WHERE NOT (day >= 200 AND day < 300)',
  }),
  known('new_partition_meets_default', 'fails-on-rows', {
    sqlstate: '23514',
    table: 'events_rest',
    count: 'SELECT count(*) FROM events_rest WHERE day >= 1000 AND day < 2000',
  }),
  plant('down_meets_check', 'down-fails-on-rows', {
    sqlstate: '23514',
    base: [...ORDERS, 'ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity < 10)'],
    up: [
      'ALTER TABLE orders DROP CONSTRAINT orders_quantity',
      'UPDATE orders SET quantity = 40 WHERE id IN (4, 8, 15, 16)',
    ],
    down: ['ALTER TABLE orders ADD CONSTRAINT orders_quantity CHECK (quantity < 10)'],
    table: 'orders',
    column: 'quantity',
    count: 'SELECT count(*) FROM orders WHERE quantity >= 10',
  }),
]

export const constraints: readonly Planted[] = [...required, ...unique, ...keys, ...checks]
