// The same in statements whose text does not show it, and text that only looks dangerous.
import { hazard, quiet, type Case } from '../case.js'
import { CUSTOMERS, JOINED_SHOP, ORDERS, SHOP } from '../tables.js'

const INDEX_BY_EVENT = [
  'CREATE TABLE journal (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tag text, seen boolean)',
  "INSERT INTO journal (tag) SELECT 'x' FROM generate_series(1, 3000)",
]

export const hidden: readonly Case[] = [
  hazard('index_in_do', 'blocking-index-build', {
    base: ORDERS,
    up: [
      `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'orders_state') THEN
    CREATE INDEX orders_state ON orders (state);
  END IF;
END $$`,
    ],
    down: ['DROP INDEX orders_state'],
    why: 'Writes wait for the build.',
  }),
  quiet('do_without_effect', {
    base: [...ORDERS, 'CREATE INDEX orders_state ON orders (state)'],
    up: [
      `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'orders_state') THEN
    CREATE INDEX orders_state ON orders (state);
  END IF;
END $$`,
    ],
    down: ['SELECT 1'],
    why: 'The index is there already.',
  }),
  hazard('dynamic_rewrite', 'table-rewrite', {
    base: ORDERS,
    up: [
      `DO $$ DECLARE wide record; BEGIN
  FOR wide IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND atttypid = 'int4'::regtype AND attnum > 0
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE bigint', wide.relation, wide.attname);
  END LOOP;
END $$`,
    ],
    down: ['ALTER TABLE orders ALTER COLUMN quantity TYPE integer'],
    why: 'The text names neither table nor column.',
  }),
  hazard('rewrite_in_function', 'table-rewrite', {
    base: [
      ...ORDERS,
      'CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE orders ALTER COLUMN quantity TYPE bigint; END $$',
    ],
    up: ['SELECT widen()'],
    down: ['ALTER TABLE orders ALTER COLUMN quantity TYPE integer'],
    why: 'The statement is a SELECT.',
  }),
  quiet('function_that_is_not_called', {
    base: ORDERS,
    up: [
      'CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE orders ALTER COLUMN quantity TYPE bigint; UPDATE orders SET note = NULL; END $$',
      'REVOKE ALL ON FUNCTION widen() FROM PUBLIC',
    ],
    down: ['DROP FUNCTION widen()'],
    why: 'Nothing runs.',
  }),
  hazard('not_null_in_procedure', 'blocking-scan', {
    base: [
      ...ORDERS,
      "CREATE PROCEDURE require(t regclass, c text) LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', t, c); END $$",
    ],
    up: ["CALL require('orders', 'note')"],
    down: ['ALTER TABLE orders ALTER COLUMN note DROP NOT NULL'],
    why: 'All rows are read under the strongest lock.',
  }),
  hazard('update_in_function', 'mass-change', {
    base: [...ORDERS, "CREATE FUNCTION reset_notes() RETURNS void LANGUAGE sql AS $$ UPDATE orders SET note = '' $$"],
    up: ['SELECT reset_notes()'],
    down: ['SELECT 1'],
    why: '6,000 rows in one transaction.',
  }),
  hazard('event_trigger_updates', 'mass-change', {
    base: [
      ...INDEX_BY_EVENT,
      'CREATE FUNCTION on_table() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE journal SET seen = true; END $$',
      "CREATE EVENT TRIGGER on_table ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION on_table()",
    ],
    up: ['CREATE TABLE plain (id bigint)'],
    down: ['DROP TABLE plain'],
    why: 'A new table sets off an update of 3,000 rows.',
  }),
  hazard('event_trigger_index', 'blocking-index-build', {
    base: [
      ...INDEX_BY_EVENT,
      'CREATE FUNCTION on_table() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX IF NOT EXISTS journal_tag ON journal (tag); END $$',
      "CREATE EVENT TRIGGER on_table ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION on_table()",
    ],
    up: ['CREATE TABLE plain (id bigint)'],
    down: ['DROP TABLE plain', 'DROP INDEX journal_tag'],
    why: 'A new table sets off the build of an index on another.',
  }),
  quiet('event_trigger_notices', {
    base: [
      ...INDEX_BY_EVENT,
      "CREATE FUNCTION on_table() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'a table'; END $$",
      "CREATE EVENT TRIGGER on_table ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION on_table()",
    ],
    up: ['CREATE TABLE plain (id bigint)'],
    down: ['DROP TABLE plain'],
    why: 'It says something, and that is all.',
  }),
  hazard('rule_deletes', 'mass-change', {
    or: ['loses-rows'],
    base: [
      ...SHOP,
      'CREATE TABLE switches (name text)',
      'CREATE RULE switches_empty AS ON INSERT TO switches DO ALSO DELETE FROM orders',
    ],
    up: ["INSERT INTO switches VALUES ('reset')"],
    down: ['DELETE FROM switches'],
    why: 'A rule deletes 6,000 rows of another table.',
  }),
  quiet('danger_in_text', {
    base: ORDERS,
    up: [
      "COMMENT ON TABLE orders IS 'DROP TABLE orders; UPDATE orders SET note = NULL; CREATE INDEX x ON orders (note)'",
      "INSERT INTO orders (customer_id, code, quantity, amount, note) VALUES (1, 'X', 1, 1, 'VACUUM FULL orders; TRUNCATE orders')",
    ],
    down: ["DELETE FROM orders WHERE code = 'X'", 'COMMENT ON TABLE orders IS NULL'],
    why: 'It is only text.',
  }),
  hazard('drop_in_do', 'loses-rows', {
    base: SHOP,
    up: ["DO $$ BEGIN EXECUTE 'DROP TABLE ' || quote_ident('or' || 'ders'); END $$"],
    why: '6,000 rows.',
  }),
  quiet('work_on_own_table_in_do', {
    base: ORDERS,
    up: [
      'CREATE TABLE notes (order_id bigint, note text)',
      `DO $$ BEGIN
  INSERT INTO notes SELECT id, note FROM orders;
  UPDATE notes SET note = upper(note);
  ALTER TABLE notes ADD PRIMARY KEY (order_id);
END $$`,
    ],
    down: ['DROP TABLE notes'],
    why: 'No client knows the table yet.',
  }),
  hazard('lock_in_function', 'lock-held', {
    base: [
      ...SHOP,
      'CREATE FUNCTION quietly() RETURNS void LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE orders IN EXCLUSIVE MODE; END $$',
    ],
    up: ['SELECT quietly()', "UPDATE customers SET name = 'x'"],
    down: ['SELECT 1'],
    why: 'Writes to orders wait for the update of all customers.',
  }),
  hazard('foreign_key_in_do', 'blocking-scan', {
    base: [...SHOP, 'CREATE INDEX orders_customer ON orders (customer_id)'],
    up: [
      'DO $$ BEGIN ALTER TABLE orders ADD CONSTRAINT orders_fk FOREIGN KEY (customer_id) REFERENCES customers (id); END $$',
    ],
    down: ['ALTER TABLE orders DROP CONSTRAINT orders_fk'],
    why: 'Writes to both tables wait while one is read.',
  }),
  hazard('trigger_on_insert_locks', 'breaks-clients', {
    or: ['loses-rows'],
    base: [
      ...ORDERS,
      'CREATE TABLE log (order_id bigint)',
      'CREATE FUNCTION log_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$',
      'CREATE TRIGGER orders_log AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION log_order()',
    ],
    up: ['DROP TABLE log'],
    down: ['CREATE TABLE log (order_id bigint)'],
    why: 'Inserts of orders wait for a table that their trigger writes, and then fail.',
  }),
  quiet('select_of_many', {
    base: JOINED_SHOP,
    up: [
      'CREATE TABLE report AS SELECT c.country, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1',
    ],
    down: ['DROP TABLE report'],
    why: 'Reads alone make no client wait.',
  }),
  hazard('begin_without_commit', 'left-invalid', {
    or: ['own-transaction', 'up-fails', 'down-restores-schema'],
    base: CUSTOMERS,
    transaction: false,
    up: ['BEGIN', 'ALTER TABLE customers ADD COLUMN added text'],
    down: ['ALTER TABLE customers DROP COLUMN added'],
    why: 'The transaction is never ended, so nothing is kept.',
  }),
  hazard('own_transaction_block', 'blocking-index-build', {
    base: CUSTOMERS,
    transaction: false,
    up: ['BEGIN', 'CREATE INDEX customers_email ON customers (email)', 'COMMIT'],
    down: ['DROP INDEX customers_email'],
    why: 'Writes wait for the build.',
  }),
  quiet('two_transactions', {
    base: SHOP,
    transaction: false,
    up: [
      'BEGIN',
      'ALTER TABLE orders ADD COLUMN added text',
      'COMMIT',
      'CREATE TABLE per_country AS SELECT country, count(*) FROM customers GROUP BY country',
    ],
    down: ['DROP TABLE per_country', 'ALTER TABLE orders DROP COLUMN added'],
    why: 'The lock is gone before the work begins.',
  }),
]
