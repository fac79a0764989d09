// Migrations for which clients wait, one for each shape of an online way.
import type { WayCase } from '../../support/online-ways.js'

const CUSTOMERS = `CREATE TABLE customers (id integer PRIMARY KEY, email text, region text NOT NULL DEFAULT 'eu');
INSERT INTO customers (id, email) SELECT n, 'c' || n FROM generate_series(1, 2000) n;
`

const ORDERS = `${CUSTOMERS}CREATE TABLE orders (id integer NOT NULL, customer_id integer NOT NULL, code text NOT NULL, state text, total numeric NOT NULL, at timestamptz NOT NULL DEFAULT now());
INSERT INTO orders SELECT n, 1 + n % 2000, 'o' || n, 'new', n, '2026-01-01' FROM generate_series(1, 3000) n;
`

const PARTITIONED = `CREATE TABLE events (id integer NOT NULL, day date NOT NULL, kind text NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO events SELECT 1 + n % 2000, date '2024-06-01' + n % 400, 'k' || n FROM generate_series(1, 4000) n;
`

const WITH_DEFAULT = `${PARTITIONED}CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT n, date '2030-01-01', 'k' FROM generate_series(1, 2000) n;
`

/** By shape. */
export const WAYS: Readonly<Record<string, WayCase>> = {
  index: { base: ORDERS, up: 'CREATE INDEX orders_at ON orders (at DESC) INCLUDE (state);' },
  'unique index': { base: ORDERS, up: 'CREATE UNIQUE INDEX ON orders (code);' },
  'partial index': { base: ORDERS, up: `CREATE INDEX orders_open ON orders (lower(code)) WHERE state = 'new';` },
  'index in a block': {
    base: ORDERS,
    up: `DO $$ BEGIN EXECUTE format('CREATE INDEX %I ON %I (state)', 'Orders State', 'orders'); END $$;`,
  },
  'drop index, make another': {
    base: `${ORDERS}CREATE INDEX orders_old ON orders (total);`,
    up: `DO $$ BEGIN DROP INDEX orders_old; CREATE INDEX orders_new ON orders (total, at); END $$;`,
  },
  'reindex index': { base: `${ORDERS}CREATE INDEX orders_at ON orders (at);`, up: 'REINDEX INDEX orders_at;' },
  'reindex table': { base: ORDERS, up: 'REINDEX TABLE customers;' },
  unique: {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE (code) DEFERRABLE INITIALLY DEFERRED;',
  },
  'primary key': { base: ORDERS, up: 'ALTER TABLE orders ADD PRIMARY KEY (id);' },
  'primary key on columns with NULL allowed': {
    base: `${CUSTOMERS}CREATE TABLE notes (a integer, b integer); INSERT INTO notes SELECT n, n FROM generate_series(1, 2000) n;`,
    up: 'ALTER TABLE notes ADD PRIMARY KEY (a, b);',
  },
  'foreign key': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE;',
  },
  'foreign key without a name': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);',
  },
  'new column with REFERENCES': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN agent integer DEFAULT 1 REFERENCES customers (id);',
  },
  check: { base: ORDERS, up: 'ALTER TABLE orders ADD CHECK (total >= 0);' },
  'not null': { base: ORDERS, up: 'ALTER TABLE orders ALTER COLUMN state SET NOT NULL;' },
  'volatile default': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN token double precision DEFAULT random();',
    values: 'made',
  },
  'volatile default, required': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();',
    values: 'made',
  },
  serial: { base: ORDERS, up: 'ALTER TABLE orders ADD COLUMN n bigserial;' },
  identity: {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN n integer GENERATED ALWAYS AS IDENTITY (START WITH 100);',
  },
  'serial primary key': {
    base: `${CUSTOMERS}CREATE TABLE notes (a integer); INSERT INTO notes SELECT n FROM generate_series(1, 2000) n;`,
    up: 'ALTER TABLE notes ADD COLUMN id serial PRIMARY KEY;',
  },
  'new column with CHECK and UNIQUE': {
    base: ORDERS,
    up: "ALTER TABLE orders ADD COLUMN note text UNIQUE CHECK (note <> ''), ADD COLUMN grade integer DEFAULT 1 CHECK (grade > 0);",
  },
  attach: {
    base: `${PARTITIONED}CREATE INDEX events_day ON events (day); ALTER TABLE events ADD CONSTRAINT events_key PRIMARY KEY (id, day, kind);
CREATE TABLE events_2026 (id integer NOT NULL, day date NOT NULL, kind text NOT NULL);
INSERT INTO events_2026 SELECT n, '2026-02-01', 'k' FROM generate_series(1, 2000) n;`,
    up: `ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
  },
  'attach beside a default partition': {
    base: `${WITH_DEFAULT}CREATE TABLE events_2026 (LIKE events); INSERT INTO events_2026 SELECT n, '2026-02-01', 'k' FROM generate_series(1, 2000) n;`,
    up: `ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
  },
  'new partition beside a default one': {
    base: WITH_DEFAULT,
    up: `CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
  },
  'partitioned index': { base: WITH_DEFAULT, up: 'CREATE INDEX events_kind ON events (kind);' },
  'partitioned key': { base: PARTITIONED, up: 'ALTER TABLE events ADD UNIQUE (id, day, kind);' },
  // There the NOT NULL of a partition becomes its own one.
  'partitioned primary key': {
    base: PARTITIONED,
    up: 'ALTER TABLE events ADD PRIMARY KEY (id, day, kind);',
    notOn: 'postgres-18',
  },
  'partitioned foreign key': {
    base: `${CUSTOMERS}${PARTITIONED}`,
    up: 'ALTER TABLE events ADD CONSTRAINT events_customer FOREIGN KEY (id) REFERENCES customers (id);',
  },
  'several changes of a table': {
    base: ORDERS,
    up: `ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE orders ALTER COLUMN state SET NOT NULL, ADD CONSTRAINT positive CHECK (total >= 0), ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers;
COMMENT ON COLUMN orders.note IS 'free text';`,
  },
  'two tables': {
    base: ORDERS,
    up: `BEGIN;
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
ALTER TABLE customers ALTER COLUMN email SET NOT NULL;
COMMIT;`,
  },
  'update of many rows': { base: ORDERS, up: `UPDATE orders SET state = lower(code), total = 5 WHERE state = 'new';` },
  'delete of many rows': { base: ORDERS, up: 'DELETE FROM orders WHERE total > 1000;' },
  'new column, filled and required': {
    base: ORDERS,
    up: `ALTER TABLE orders ADD COLUMN grade integer;
UPDATE orders SET grade = 1 WHERE grade IS NULL;
ALTER TABLE orders ALTER COLUMN grade SET NOT NULL;`,
  },
  'index of two levels of partitions': {
    base: `CREATE TABLE logs (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10000) PARTITION BY LIST (b);
CREATE TABLE logs_1_even PARTITION OF logs_1 FOR VALUES IN (0);
CREATE TABLE logs_1_odd PARTITION OF logs_1 FOR VALUES IN (1);
INSERT INTO logs SELECT n, n % 2 FROM generate_series(1, 4000) n;`,
    up: 'CREATE UNIQUE INDEX logs_a ON logs (a, b);',
  },
  'volatile default of a partitioned table, in another schema, with odd names': {
    base: `CREATE SCHEMA "Shop"; CREATE TABLE "Shop"."Order's" (a integer) PARTITION BY RANGE (a);
CREATE TABLE "Shop"."Order's 1" PARTITION OF "Shop"."Order's" FOR VALUES FROM (0) TO (100000);
INSERT INTO "Shop"."Order's" SELECT n FROM generate_series(1, 3000) n;`,
    up: `ALTER TABLE "Shop"."Order's" ADD COLUMN "Token No" uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN r double precision DEFAULT random();`,
    values: 'made',
  },
  'rows of another table behind a lock': {
    base: ORDERS,
    up: `ALTER TABLE customers ADD COLUMN note text;
INSERT INTO orders SELECT n, 1, 'x' || n, 'new', 1, '2026-01-02' FROM generate_series(5001, 8000) n;
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;`,
  },
  'settings of the session': {
    base: `CREATE SCHEMA app; ${ORDERS}ALTER TABLE orders SET SCHEMA app;`,
    up: `SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = app;
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
CREATE INDEX orders_total ON orders (total);
COMMENT ON TABLE orders IS 'of customers';`,
  },
  'foreign key of a table to itself, behind its new key': {
    base: `CREATE TABLE nodes (id integer NOT NULL, parent integer); INSERT INTO nodes SELECT n, 1 FROM generate_series(1, 2000) n;`,
    up: 'ALTER TABLE nodes ADD PRIMARY KEY (id), ADD FOREIGN KEY (parent) REFERENCES nodes (id);',
  },
}

/** Without a way that would be equal, or known to be. */
export const WITHOUT_WAY: Readonly<Record<string, WayCase>> = {
  'another type': { base: ORDERS, up: 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;' },
  'another type, and a volatile default': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN token double precision DEFAULT random(), ALTER COLUMN id TYPE bigint USING id * 2;',
  },
  'the same type, other values': { base: ORDERS, up: 'ALTER TABLE orders ALTER COLUMN id TYPE integer USING id * 2;' },
  'the same type, other values, and a volatile default': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN token double precision DEFAULT random(), ALTER COLUMN id TYPE integer USING id + 1;',
  },
  'a stored generated column': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD COLUMN double numeric GENERATED ALWAYS AS (total * 2) STORED;',
  },
  'a volatile default where a trigger fires on each update': {
    base: `${ORDERS}CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();`,
    up: 'ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();',
  },
  'a column made again under its name, and a key': {
    base: ORDERS,
    up: 'DO $$ BEGIN ALTER TABLE orders DROP COLUMN state; ALTER TABLE orders ADD COLUMN state text, ADD UNIQUE (code); END $$;',
  },
  'a table made again, and an index': {
    base: `${ORDERS}CREATE TABLE notes (id integer); INSERT INTO notes VALUES (1);`,
    up: 'DO $$ BEGIN DROP TABLE notes; CREATE TABLE notes (id integer); CREATE INDEX ON orders (code); END $$;',
  },
  'rows and an index in one block': {
    base: ORDERS,
    up: `DO $$ BEGIN UPDATE orders SET state = 'old' WHERE id < 100; CREATE INDEX ON orders (code); END $$;`,
  },
  'an update that counts up': { base: ORDERS, up: 'UPDATE orders SET total = total + 1;' },
  'an update from another table': {
    base: ORDERS,
    up: 'UPDATE orders SET state = customers.region FROM customers WHERE customers.id = customer_id;',
  },
  'an update to this moment': { base: ORDERS, up: 'UPDATE orders SET at = now();' },
  'an exclusion constraint': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD EXCLUDE USING btree (id WITH =);',
  },
  'a table written again': { base: ORDERS, up: 'ALTER TABLE orders SET UNLOGGED;' },
  'a lock that the author asks for': {
    base: ORDERS,
    up: `LOCK TABLE customers IN EXCLUSIVE MODE; UPDATE orders SET state = 'old';`,
  },
  'a position of a sequence, and an index': {
    base: `${ORDERS}CREATE SEQUENCE numbers;`,
    up: `DO $$ BEGIN PERFORM setval('numbers', 100); CREATE INDEX ON orders (code); END $$;`,
  },
  'a transaction that ends half way': {
    base: ORDERS,
    up: 'ALTER TABLE orders ADD UNIQUE (code); COMMIT; ALTER TABLE orders ADD UNIQUE (id);',
  },
}
