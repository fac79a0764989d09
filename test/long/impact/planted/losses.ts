// Rows and values that are lost.
import { COUNTRIES, ORDERS } from '../tables.js'
import { ALL_ORDERS, known, NOTE, plant, STATES, type Planted } from './planted.js'

export const losses: readonly Planted[] = [
  known('drop_table', 'loses-rows', { table: 'orders', count: ALL_ORDERS }),
  known('drop_in_do', 'loses-rows', { table: 'orders', count: ALL_ORDERS }),
  known('drop_schema', 'loses-rows', { table: 'billing.bills', count: 'SELECT count(*) FROM billing.bills' }),
  known('drop_and_create', 'loses-rows', { table: 'customers', count: 'SELECT count(*) FROM customers' }),
  known('drop_partition', 'loses-rows', { table: 'events_1', count: 'SELECT count(*) FROM events_1' }),
  known('drop_column', 'loses-rows', { table: 'orders', column: 'note', count: 'SELECT count(note) FROM orders' }),
  known('truncate', 'loses-rows', { table: 'orders', count: ALL_ORDERS }),
  known('truncate_cascade', 'loses-rows', { table: 'orders', count: ALL_ORDERS }),
  known('delete_all', 'loses-rows', { table: 'orders', count: ALL_ORDERS }),
  known('delete_third', 'loses-rows', {
    table: 'orders',
    count: `SELECT count(*) FROM orders WHERE state = 'sent'`,
  }),
  known('delete_cascade', 'loses-rows', {
    table: 'orders',
    count: 'SELECT count(*) FROM orders WHERE customer_id BETWEEN 701 AND 950',
  }),
  known('drop_sequence', 'loses-rows', { table: 'bill_numbers', count: 'SELECT last_value FROM bill_numbers' }),
  known('numeric_rounded', 'loses-rows', {
    table: 'orders',
    column: 'amount',
    count: 'SELECT count(*) FROM orders WHERE amount <> round(amount)',
  }),
  plant('text_cut', 'loses-rows', {
    base: ORDERS,
    up: [`${NOTE} TYPE varchar(7) USING left(note, 7)`],
    down: [`${NOTE} TYPE text`],
    table: 'orders',
    column: 'note',
    count: 'SELECT count(*) FROM orders WHERE length(note) > 7',
  }),
  plant('moment_to_day', 'loses-rows', {
    base: ORDERS,
    up: ['ALTER TABLE orders ALTER COLUMN placed_at TYPE date'],
    down: ['ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamp'],
    table: 'orders',
    column: 'placed_at',
    count: 'SELECT count(*) FROM orders WHERE placed_at <> placed_at::date',
  }),
  plant('enum_folded', 'loses-rows', {
    base: STATES,
    up: [
      'ALTER TYPE order_state RENAME TO order_state_old',
      `CREATE TYPE order_state AS ENUM ('new', 'sent')`,
      `ALTER TABLE orders ALTER COLUMN state TYPE order_state USING (CASE state WHEN 'paid' THEN 'new' ELSE state::text END)::order_state`,
      'DROP TYPE order_state_old',
    ],
    table: 'orders',
    column: 'state',
    count: `SELECT count(*) FROM orders WHERE state = 'paid'`,
  }),
  plant('table_made_again', 'loses-rows', {
    base: ORDERS,
    up: [
      'CREATE TABLE orders_new (LIKE orders INCLUDING ALL)',
      `INSERT INTO orders_new OVERRIDING SYSTEM VALUE SELECT * FROM orders WHERE state <> 'sent'`,
      'DROP TABLE orders',
      'ALTER TABLE orders_new RENAME TO orders',
    ],
    table: 'orders',
    count: `SELECT count(*) FROM orders WHERE state = 'sent'`,
  }),
  known('down_forgets_values', 'down-loses-rows', {
    table: 'orders',
    column: 'note',
    count: 'SELECT count(note) FROM orders',
  }),
  known('down_forgets_update', 'down-loses-rows', {
    table: 'orders',
    column: 'state',
    count: `SELECT count(*) FROM orders WHERE id <= 20 AND state <> 'archived'`,
  }),
  plant('trigger_clears_note', 'down-loses-rows', {
    base: [
      ...ORDERS,
      'CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := NULL; RETURN NEW; END $$',
      'CREATE TRIGGER forget BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION forget()',
    ],
    up: ['UPDATE orders SET quantity = quantity + 1 WHERE id <= 300'],
    down: ['UPDATE orders SET quantity = quantity - 1 WHERE id <= 300'],
    table: 'orders',
    column: 'note',
    count: 'SELECT count(note) FROM orders WHERE id <= 300',
  }),
  plant('down_truncates', 'down-loses-rows', {
    base: [...ORDERS, ...COUNTRIES],
    up: [`INSERT INTO countries VALUES ('xx', 'new', 99)`],
    down: ['TRUNCATE countries'],
    table: 'countries',
    count: 'SELECT count(*) FROM countries',
  }),
]
