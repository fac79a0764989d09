// Steps that take something from rows, or only seem to: tables with 30,000 payments, and what the plan must state.

/** The first migration. */
export const BASE = `
CREATE TYPE state AS ENUM ('new', 'paid', 'refunded');
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TYPE tag AS ENUM ('a', 'b');
CREATE TABLE payments (
  id int PRIMARY KEY, amount numeric(18,2) NOT NULL, reference text NOT NULL, memo text, note text, state state NOT NULL,
  mood mood, tag tag, paid_at timestamptz NOT NULL, label text, old_label text, flag text NOT NULL, size int, email text);
CREATE TABLE payment_events (id int PRIMARY KEY, payment int);
CREATE TABLE customers (id int PRIMARY KEY, full_name text NOT NULL, phone text);
CREATE TABLE refunds (id int PRIMARY KEY, amount numeric);
CREATE TABLE accounts (id int PRIMARY KEY, closed boolean NOT NULL);
CREATE TABLE entries (id int PRIMARY KEY, account int REFERENCES accounts ON DELETE CASCADE);
CREATE TABLE lines (id int PRIMARY KEY, entry int REFERENCES entries ON DELETE CASCADE);
CREATE TABLE cards (id int PRIMARY KEY, account int REFERENCES accounts ON DELETE SET NULL);
CREATE TABLE logs (id int);
CREATE TABLE sessions (id int PRIMARY KEY);
CREATE TABLE clicks (id int PRIMARY KEY, session int REFERENCES sessions);
CREATE TABLE comments (id int PRIMARY KEY, above int REFERENCES comments ON DELETE CASCADE);
CREATE TABLE days (day date NOT NULL, n int) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE days_3 PARTITION OF days FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE stock (id int PRIMARY KEY, n int);
CREATE TABLE prices (id int PRIMARY KEY, price int, name text);
CREATE TABLE changed_prices (id int, price int);
CREATE TABLE jobs (id int PRIMARY KEY, done boolean);
CREATE TABLE old_jobs (id int, done boolean);
CREATE TABLE currencies (code text PRIMARY KEY);
CREATE TABLE rates (id int PRIMARY KEY, currency text REFERENCES currencies ON UPDATE CASCADE);
CREATE TABLE legacy (id int);
CREATE TABLE rebuilt (id int, n int);
CREATE TABLE moved (id int);
CREATE TABLE notes (id int PRIMARY KEY, body text, touched int);
CREATE TABLE ledger (id int PRIMARY KEY, n int);
CREATE SCHEMA archive;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.touched := 0; RETURN NEW; END $f$;
CREATE TRIGGER touched BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN DELETE FROM ledger WHERE n > 10; END $f$;`

/** The rows before the deploy. */
export const ROWS = `
INSERT INTO payments SELECT i, i + 0.5, 'reference ' || i, 'memo', CASE WHEN i % 3 = 0 THEN 'note' END,
  (ARRAY['new', 'paid', 'refunded'])[1 + i % 3]::state, (ARRAY['glad', 'sad'])[1 + i % 2]::mood, (ARRAY['a', 'b'])[1 + i % 2]::tag,
  '2026-01-01 00:00Z'::timestamptz + i * interval '1 hour', CASE WHEN i % 2 = 0 THEN 'x' END, 'old', CASE WHEN i % 2 = 0 THEN 'Y' ELSE 'N' END,
  i, CASE WHEN i % 5 = 0 THEN 'Mail' || i ELSE 'mail' || i END FROM generate_series(1, 30000) i;
INSERT INTO payment_events SELECT i, i FROM generate_series(1, 500) i;
INSERT INTO customers SELECT i, 'name ' || i, CASE WHEN i <= 30 THEN '1' END FROM generate_series(1, 2000) i;
INSERT INTO refunds SELECT i, i FROM generate_series(1, 300) i;
INSERT INTO accounts SELECT i, i <= 10 FROM generate_series(1, 100) i;
INSERT INTO entries SELECT i, 1 + i % 100 FROM generate_series(1, 400) i;
INSERT INTO lines SELECT i, 1 + i % 400 FROM generate_series(1, 1200) i;
INSERT INTO cards SELECT i, 1 + i % 100 FROM generate_series(1, 200) i;
INSERT INTO logs SELECT generate_series(1, 70);
INSERT INTO sessions SELECT generate_series(1, 20);
INSERT INTO clicks SELECT i, 1 + i % 20 FROM generate_series(1, 90) i;
INSERT INTO comments SELECT i, NULLIF(i / 2, 0) FROM generate_series(1, 63) i;
INSERT INTO days SELECT '2026-01-01'::date + i % 59, i FROM generate_series(0, 589) i; INSERT INTO days VALUES ('2026-03-03', 1);
INSERT INTO stock SELECT i, i FROM generate_series(1, 10) i;
INSERT INTO prices SELECT i, i, 'name' FROM generate_series(1, 50) i;
INSERT INTO changed_prices SELECT i, i + i % 2 FROM generate_series(1, 20) i;
INSERT INTO jobs SELECT i, i % 4 = 0 FROM generate_series(1, 40) i;
INSERT INTO currencies VALUES ('EUR'), ('USD');
INSERT INTO rates SELECT i, CASE WHEN i % 3 = 0 THEN 'USD' ELSE 'EUR' END FROM generate_series(1, 30) i;
INSERT INTO legacy SELECT generate_series(1, 7);
INSERT INTO rebuilt SELECT i, i FROM generate_series(1, 11) i;
INSERT INTO moved SELECT generate_series(1, 13);
INSERT INTO notes SELECT i, 'body', i FROM generate_series(1, 17) i;
INSERT INTO ledger SELECT i, i FROM generate_series(1, 19) i;`

/**
 * `losses` as the plan must state them: `300 rows of public.refunds (DELETE)`. `counts` are queries of psql whose answer
 * before the deploy less that after it is the number of the loss; with `rolledBack`, after the rollback.
 */
export type LosingStep = {
  readonly name: string
  readonly up: string
  readonly down: string
  readonly losses: readonly string[]
  readonly counts?: readonly string[]
  readonly rolledBack?: readonly string[]
  /** No value is lost, but a rollback cannot know that. */
  readonly converts?: boolean
}

export const LOSING_STEPS: readonly LosingStep[] = [
  {
    name: 'numeric(18,2) to integer',
    up: 'ALTER TABLE payments ALTER COLUMN amount TYPE integer;',
    down: 'ALTER TABLE payments ALTER COLUMN amount TYPE numeric(18,2);',
    losses: ['30000 values of payments.amount by integer'],
    rolledBack: ['SELECT count(*) FROM payments WHERE amount = id + 0.5'],
  },
  {
    name: 'varchar(5) by USING',
    up: 'ALTER TABLE payments ALTER COLUMN reference TYPE varchar(5) USING left(reference, 5);',
    down: 'ALTER TABLE payments ALTER COLUMN reference TYPE text;',
    losses: ['30000 values of payments.reference by character varying(5)'],
    rolledBack: [`SELECT count(*) FROM payments WHERE reference = 'reference ' || id`],
  },
  {
    name: 'a DO block with DELETE and UPDATE',
    up: 'DO $$ BEGIN DELETE FROM payment_events; UPDATE payments SET memo = NULL; END $$;',
    down: 'SELECT 1;',
    losses: ['500 rows of payment_events by DELETE', '30000 values of payments.memo by UPDATE'],
    counts: ['SELECT count(*) FROM payment_events', 'SELECT count(memo) FROM payments'],
  },
  {
    name: 'a renamed column',
    up: 'ALTER TABLE customers RENAME COLUMN full_name TO name;',
    down: 'ALTER TABLE customers RENAME COLUMN name TO full_name;',
    losses: [],
  },
  {
    name: 'a renamed table',
    up: 'ALTER TABLE refunds RENAME TO reimbursements;',
    down: 'ALTER TABLE reimbursements RENAME TO refunds;',
    losses: [],
  },
  {
    name: 'a DELETE that cascades over two tables, and sets null in a third',
    up: 'DELETE FROM accounts WHERE closed;',
    down: 'SELECT 1;',
    losses: [
      '10 rows of accounts by DELETE',
      '20 values of cards.account by ON DELETE SET NULL',
      '40 rows of entries by ON DELETE CASCADE',
      '120 rows of lines by ON DELETE CASCADE',
    ],
    counts: [
      'SELECT count(*) FROM accounts',
      'SELECT count(account) FROM cards',
      'SELECT count(*) FROM entries',
      'SELECT count(*) FROM lines',
    ],
  },
  {
    name: 'a TRUNCATE',
    up: 'TRUNCATE logs;',
    down: 'SELECT 1;',
    losses: ['70 rows of logs by TRUNCATE'],
    counts: ['SELECT count(*) FROM logs'],
  },
  {
    name: 'a TRUNCATE that cascades',
    up: 'TRUNCATE TABLE ONLY sessions RESTART IDENTITY CASCADE;',
    down: 'SELECT 1;',
    losses: ['20 rows of sessions by TRUNCATE', '90 rows of clicks by TRUNCATE CASCADE'],
    counts: ['SELECT count(*) FROM sessions', 'SELECT count(*) FROM clicks'],
  },
  {
    name: 'a swap of an enum that gives up a label',
    up: `CREATE TYPE state_new AS ENUM ('new', 'paid');
ALTER TABLE payments ALTER COLUMN state TYPE state_new USING (CASE state::text WHEN 'refunded' THEN 'paid' ELSE state::text END)::state_new;
DROP TYPE state; ALTER TYPE state_new RENAME TO state;`,
    down: `ALTER TYPE state RENAME TO state_old; CREATE TYPE state AS ENUM ('new', 'paid', 'refunded');
ALTER TABLE payments ALTER COLUMN state TYPE state USING state::text::state; DROP TYPE state_old;`,
    losses: ['10000 values of payments.state by public.state'],
    rolledBack: [`SELECT count(*) FROM payments WHERE state::text = (ARRAY['new', 'paid', 'refunded'])[1 + id % 3]`],
  },
  {
    name: 'a swap of an enum that keeps every label',
    up: `ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('glad', 'sad', 'calm');
ALTER TABLE payments ALTER COLUMN mood TYPE mood USING mood::text::mood; DROP TYPE mood_old;`,
    down: `ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('glad', 'sad');
ALTER TABLE payments ALTER COLUMN mood TYPE mood USING mood::text::mood; DROP TYPE mood_old;`,
    losses: [],
    rolledBack: [],
  },
  {
    name: 'a new column that is filled from another',
    up: 'ALTER TABLE payments ADD COLUMN title text; UPDATE payments SET title = note WHERE title IS NULL;',
    down: 'ALTER TABLE payments DROP COLUMN title;',
    losses: [],
  },
  {
    name: 'an UPDATE of some values',
    up: `UPDATE payments SET label = 'y', old_label = label WHERE id % 4 = 0 OR label IS NULL;`,
    down: 'SELECT 1;',
    losses: ['7500 values of payments.label by UPDATE', '22500 values of payments.old_label by UPDATE'],
    counts: [
      `SELECT count(*) FROM payments WHERE label = 'x'`,
      `SELECT count(*) FROM payments WHERE old_label = 'old'`,
    ],
  },
  {
    name: 'a dropped column',
    up: 'ALTER TABLE payments DROP COLUMN note;',
    down: 'ALTER TABLE payments ADD COLUMN note text;',
    losses: ['10000 values of payments.note'],
    rolledBack: ['SELECT count(note) FROM payments'],
  },
  {
    name: 'a dropped table',
    up: 'DROP TABLE legacy;',
    down: 'CREATE TABLE legacy (id int);',
    losses: ['7 rows of legacy'],
    rolledBack: ['SELECT count(*) FROM legacy'],
  },
  {
    name: 'a column that is dropped and added again',
    up: 'ALTER TABLE customers DROP COLUMN phone; ALTER TABLE customers ADD COLUMN phone text;',
    down: 'SELECT 1;',
    losses: ['30 values of customers.phone'],
    counts: ['SELECT count(phone) FROM customers'],
  },
  {
    name: 'a table that is built again under its name',
    up: 'CREATE TABLE rebuilt_2 AS SELECT id, n FROM rebuilt; DROP TABLE rebuilt; ALTER TABLE rebuilt_2 RENAME TO rebuilt;',
    down: 'SELECT 1;',
    losses: ['11 rows of rebuilt'],
  },
  {
    name: 'a table in another schema',
    up: 'ALTER TABLE moved SET SCHEMA archive;',
    down: 'ALTER TABLE archive.moved SET SCHEMA public;',
    losses: [],
  },
  {
    name: 'a partition that is detached',
    up: 'ALTER TABLE days DETACH PARTITION days_1;',
    down: `ALTER TABLE days ATTACH PARTITION days_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');`,
    losses: [],
  },
  {
    name: 'a partition that is dropped, and a DELETE that finds rows in two',
    up: `DELETE FROM days WHERE n = 40; DROP TABLE days_3;`,
    down: `CREATE TABLE days_3 PARTITION OF days FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');`,
    losses: ['1 rows of days_3', '1 rows of days by DELETE'],
    counts: [`SELECT count(*) FROM pg_class WHERE relname = 'days_3'`, 'SELECT count(*) FROM days_2'],
  },
  {
    name: 'a DELETE in a tree of one table',
    up: 'DELETE FROM comments WHERE id = 2;',
    down: 'SELECT 1;',
    losses: ['31 rows of comments by DELETE'],
    counts: ['SELECT count(*) FROM comments'],
  },
  {
    name: 'INSERT with ON CONFLICT DO UPDATE',
    up: 'INSERT INTO stock SELECT i, 0 FROM generate_series(5, 15) i ON CONFLICT (id) DO UPDATE SET n = 0;',
    down: 'SELECT 1;',
    losses: ['6 values of stock.n by INSERT'],
    counts: ['SELECT count(*) FROM stock WHERE n = id'],
  },
  {
    name: 'UPDATE with FROM',
    up: 'UPDATE prices p SET price = c.price FROM changed_prices c WHERE c.id = p.id;',
    down: 'SELECT 1;',
    losses: ['10 values of prices.price by UPDATE'],
    counts: ['SELECT count(*) FROM prices WHERE price = id'],
  },
  {
    name: 'rows that move to another table',
    up: 'WITH gone AS (DELETE FROM jobs WHERE done RETURNING *) INSERT INTO old_jobs SELECT * FROM gone;',
    down: 'SELECT 1;',
    losses: ['10 rows of jobs by DELETE'],
    counts: ['SELECT count(*) FROM jobs'],
  },
  {
    name: 'a key that others follow',
    up: `UPDATE currencies SET code = 'usd' WHERE code = 'USD';`,
    down: 'SELECT 1;',
    losses: ['1 values of currencies.code by UPDATE', '10 values of rates.currency by ON UPDATE CASCADE'],
    counts: [`SELECT count(*) FROM currencies WHERE code = 'USD'`, `SELECT count(*) FROM rates WHERE currency = 'USD'`],
  },
  {
    name: 'a wider type',
    up: 'ALTER TABLE payments ALTER COLUMN size TYPE bigint;',
    down: 'ALTER TABLE payments ALTER COLUMN size TYPE int;',
    losses: [],
  },
  {
    name: 'a time that becomes a day',
    up: `ALTER TABLE payments ALTER COLUMN paid_at TYPE date USING (paid_at AT TIME ZONE 'UTC')::date;`,
    down: `ALTER TABLE payments ALTER COLUMN paid_at TYPE timestamptz USING paid_at::timestamp AT TIME ZONE 'UTC';`,
    losses: ['28750 values of payments.paid_at by date'],
    rolledBack: [
      `SELECT count(*) FROM payments WHERE paid_at = '2026-01-01 00:00Z'::timestamptz + id * interval '1 hour'`,
    ],
  },
  {
    name: 'a conversion that the down turns back',
    converts: true,
    up: `ALTER TABLE payments ALTER COLUMN flag TYPE boolean USING flag = 'Y';`,
    down: `ALTER TABLE payments ALTER COLUMN flag TYPE text USING CASE WHEN flag THEN 'Y' ELSE 'N' END;`,
    losses: [],
    rolledBack: [],
  },
  {
    name: 'USING without a new type',
    up: 'ALTER TABLE payments ALTER COLUMN email TYPE text USING lower(email);',
    down: 'SELECT 1;',
    losses: ['6000 values of payments.email by text'],
    counts: [`SELECT count(*) FROM payments WHERE email LIKE 'Mail%'`],
  },
  {
    name: 'a type that is dropped with its columns',
    up: 'DROP TYPE tag CASCADE;',
    down: `CREATE TYPE tag AS ENUM ('a', 'b'); ALTER TABLE payments ADD COLUMN tag tag;`,
    losses: ['30000 values of payments.tag'],
    rolledBack: ['SELECT count(tag) FROM payments'],
  },
  {
    name: 'a block that only makes what is missing',
    up: `DO $$ BEGIN CREATE TYPE extra AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;`,
    down: 'DROP TYPE extra;',
    losses: [],
  },
  {
    name: 'a trigger that changes more',
    up: `UPDATE notes SET body = 'other' WHERE id < 5;`,
    down: 'SELECT 1;',
    losses: ['4 values of notes.body by UPDATE', '? rows of notes by code'],
  },
  {
    name: 'a function that deletes',
    up: 'SELECT purge();',
    down: 'SELECT 1;',
    losses: ['? rows of ledger by code'],
  },
]
