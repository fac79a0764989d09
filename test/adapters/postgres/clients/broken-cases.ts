// What clients can no longer do after a script, and scripts close to it that they do not notice.
import { expect } from '@jest/globals'
import type { Case } from './run-cases.js'

const ORDERS = `CREATE TABLE orders (id serial PRIMARY KEY, state text NOT NULL DEFAULT 'new', total int, note varchar(20));
  INSERT INTO orders (state, total, note) SELECT CASE WHEN n % 2 = 0 THEN 'new' ELSE 'paid' END, n, CASE WHEN n % 3 = 0 THEN NULL ELSE repeat('x', n % 20) END FROM generate_series(1, 60) n;`

const PLANS = `CREATE TABLE plans (id serial PRIMARY KEY, name text); INSERT INTO plans (name) SELECT 'p' || n FROM generate_series(1, 9) n;`

export const BROKEN: readonly Case[] = [
  {
    name: 'a column is dropped',
    before: ORDERS,
    script: 'ALTER TABLE orders DROP COLUMN total',
    facts: [
      'broken select orders: 42703 column "total" does not exist',
      'broken insert orders: 42703 column "total" of relation "orders" does not exist',
      'broken update orders: 42703 column "total" does not exist',
      'lost orders total: 60 values dropped',
    ],
  },
  {
    name: 'a column is renamed',
    before: ORDERS,
    script: 'ALTER TABLE orders RENAME total TO amount',
    facts: [
      'broken select orders: 42703 column "total" does not exist',
      'broken insert orders: 42703 column "total" of relation "orders" does not exist',
      'broken update orders: 42703 column "total" does not exist',
    ],
  },
  { name: 'a column is added', before: ORDERS, script: 'ALTER TABLE orders ADD COLUMN amount int', facts: [] },
  {
    name: 'a table is renamed',
    before: ORDERS,
    script: 'ALTER TABLE orders RENAME TO purchases',
    facts: [
      'broken select orders: 42P01 relation "orders" does not exist',
      'broken insert orders: 42P01 relation "orders" does not exist',
      'broken update orders: 42P01 relation "orders" does not exist',
    ],
  },
  {
    name: 'a table is renamed, and a view has its name',
    before: ORDERS,
    script:
      "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases; ALTER VIEW orders ALTER state SET DEFAULT 'new'",
    facts: [],
  },
  {
    name: 'a required column without default',
    before: ORDERS,
    script: `ALTER TABLE orders ADD COLUMN owner int NOT NULL DEFAULT 1; ALTER TABLE orders ALTER owner DROP DEFAULT`,
    facts: [
      'broken insert orders: 23502 null value in column "owner" of relation "orders" violates not-null constraint',
    ],
  },
  {
    name: 'a required column without default, of a table without rows',
    before: 'CREATE TABLE empties (id int PRIMARY KEY)',
    script: 'ALTER TABLE empties ADD COLUMN owner int NOT NULL',
    facts: [
      'broken insert empties: 23502 null value in column "owner" of relation "empties" violates not-null constraint',
    ],
  },
  {
    name: 'a required column with default',
    before: ORDERS,
    script: 'ALTER TABLE orders ADD COLUMN owner int NOT NULL DEFAULT 1',
    facts: [],
  },
  {
    name: 'NOT NULL where there were NULLs',
    before: ORDERS,
    script: `UPDATE orders SET note = '' WHERE note IS NULL; ALTER TABLE orders ALTER note SET NOT NULL`,
    facts: [
      'broken insert orders: 23502 null value in column "note" of relation "orders" violates not-null constraint',
    ],
  },
  {
    name: 'NOT NULL where there were none',
    before: ORDERS,
    script: 'ALTER TABLE orders ALTER total SET NOT NULL',
    facts: [],
  },
  {
    name: 'a text is narrowed',
    before: ORDERS,
    script: 'ALTER TABLE orders ALTER note TYPE varchar(5) USING left(note, 5)',
    facts: [
      'broken insert orders: 22001 value too long for type character varying(5)',
      'answers select orders: a statement that a connected client has prepared fails (0A000), because note is character varying(5) now',
      expect.stringMatching(/^lost orders note: 28 values changed$/) as unknown as string,
    ],
  },
  {
    name: 'a number is narrowed',
    before: `CREATE TABLE sums (id int PRIMARY KEY, total bigint); INSERT INTO sums SELECT n, n * 1000000000::bigint FROM generate_series(1, 9) n`,
    script: 'ALTER TABLE sums ALTER total TYPE int USING least(total, 2000000000)::int',
    facts: [
      'broken insert sums: 22003 value is out of range for type integer',
      'answers select sums: a statement that a connected client has prepared fails (0A000), because total is integer now',
      'lost sums total: 7 values changed',
    ],
  },
  {
    name: 'a number is widened',
    before: `CREATE TABLE sums (id int PRIMARY KEY, total int); INSERT INTO sums SELECT n, n FROM generate_series(1, 9) n`,
    script: 'ALTER TABLE sums ALTER total TYPE bigint',
    facts: [
      'answers select sums: a statement that a connected client has prepared fails (0A000), because total is bigint now',
    ],
  },
  {
    name: 'a check that is not validated refuses old rows',
    before: ORDERS,
    script: 'ALTER TABLE orders ADD CONSTRAINT has_note CHECK (note IS NOT NULL) NOT VALID',
    facts: [
      'broken insert orders: 23514 new row for relation "orders" violates check constraint "has_note"',
      'broken update orders: 23514 new row for relation "orders" violates check constraint "has_note"',
      'left orders: constraint not validated has_note',
    ],
  },
  {
    name: 'such a check of an odd row in the middle',
    before: ORDERS,
    script: 'ALTER TABLE orders ADD CONSTRAINT no_31 CHECK (total <> 31) NOT VALID',
    facts: [
      'broken insert orders: 23514 rows like some of orders violate constraint no_31',
      'left orders: constraint not validated no_31',
    ],
  },
  { name: 'a check that all rows keep', before: ORDERS, script: 'ALTER TABLE orders ADD CHECK (total > 0)', facts: [] },
  {
    name: 'a foreign key that old rows do not keep',
    before: ORDERS,
    script: `CREATE TABLE states (name text PRIMARY KEY); INSERT INTO states VALUES ('new'); ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (state) REFERENCES states NOT VALID`,
    facts: [
      'broken insert orders: 23503 insert or update on table "orders" violates foreign key constraint "fk"',
      'left orders: constraint not validated fk',
      'unindexed orders: fk (state) -> states',
    ],
  },
  {
    name: 'a foreign key that old rows keep',
    before: ORDERS,
    script: `CREATE TABLE states (name text PRIMARY KEY); INSERT INTO states VALUES ('new'), ('paid'); CREATE INDEX ON orders (state, total); ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (state) REFERENCES states`,
    facts: [],
  },
  {
    name: 'a trigger that refuses',
    before: ORDERS,
    script: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.total > 50 THEN RAISE EXCEPTION 'total % is too much', new.total; END IF; RETURN new; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()`,
    facts: ['broken insert orders: P0001 refuse() raises an exception (P0001)'],
  },
  {
    name: 'a deferred trigger that refuses',
    before: ORDERS,
    script: `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()`,
    facts: ['broken update orders: 23514 late() raises an exception (23514)'],
  },
  {
    name: 'a trigger that refuses nothing',
    before: ORDERS,
    script: `CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$; CREATE TRIGGER pass BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION pass()`,
    facts: [],
  },
  {
    name: 'a unique index where a value was repeated',
    before: ORDERS,
    script: `DELETE FROM orders WHERE id > 2; CREATE UNIQUE INDEX one_each ON orders (state)`,
    facts: [
      'broken insert orders: 23505 duplicate key value violates unique constraint "one_each"',
      'lost orders: 58 rows deleted',
    ],
  },
  {
    name: 'a unique index where no value was repeated',
    before: ORDERS,
    script: 'CREATE UNIQUE INDEX ON orders (total)',
    facts: [],
  },
  {
    name: 'an exclusion constraint after which rows of before overlap',
    before: `CREATE TABLE stays (id int PRIMARY KEY, span int4range); INSERT INTO stays SELECT n, int4range(n * 10, n * 10 + CASE WHEN n = 5 THEN 1500 ELSE 10 END) FROM generate_series(1, 9) n`,
    script: `UPDATE stays SET span = '[50,60)' WHERE id = 5; ALTER TABLE stays ADD CONSTRAINT apart EXCLUDE USING gist (span WITH &&)`,
    facts: [
      'broken insert stays: 23P01 conflicting key value violates exclusion constraint "apart"',
      'lost stays span: 1 values changed',
    ],
  },
  {
    name: 'an exclusion constraint that all rows keep',
    before: `CREATE TABLE stays (id int PRIMARY KEY, span int4range); INSERT INTO stays SELECT n, int4range(n * 10, n * 10 + 10) FROM generate_series(1, 9) n`,
    script: `ALTER TABLE stays ADD CONSTRAINT apart EXCLUDE USING gist (span WITH &&)`,
    facts: [],
  },
  {
    name: 'a label of an enum has another name',
    before: `CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE people (id int PRIMARY KEY, mood mood); INSERT INTO people SELECT n, (CASE WHEN n = 1 THEN 'sad' ELSE 'glad' END)::mood FROM generate_series(1, 9) n`,
    script: `ALTER TYPE mood RENAME VALUE 'sad' TO 'low'`,
    facts: ['broken insert people: 22P02 invalid input value for enum mood: "sad"'],
  },
  {
    name: 'a label of an enum is removed by another type in its place',
    before: `CREATE TYPE mood AS ENUM ('sad', 'glad', 'mad'); CREATE TABLE people (id int PRIMARY KEY, mood mood); INSERT INTO people SELECT n, 'glad' FROM generate_series(1, 9) n`,
    script: `ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('glad', 'sad'); ALTER TABLE people ALTER mood TYPE mood USING mood::text::mood; DROP TYPE mood_old`,
    facts: [
      'broken insert people: 22P02 invalid input value for enum mood: "mad"',
      'answers select people: a statement that a connected client has prepared fails (0A000)',
      'answers select people: the labels of mood are in another order',
    ],
  },
  {
    name: 'a label is added to an enum',
    before: `CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE people (id int PRIMARY KEY, mood mood); INSERT INTO people SELECT n, 'glad' FROM generate_series(1, 9) n`,
    script: `ALTER TYPE mood ADD VALUE 'mad' BEFORE 'glad'`,
    facts: [],
  },
  {
    name: 'explicit ids in front of a sequence',
    before: PLANS,
    script: `INSERT INTO plans (id, name) VALUES (10, 'a'), (11, 'b')`,
    facts: ['broken insert plans: 23505 the next numbers of sequence plans_id_seq are already in id'],
  },
  {
    name: 'explicit ids in front of an identity, of which more than one number is free',
    before: `CREATE TABLE plans (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text); INSERT INTO plans (name) SELECT 'p' || n FROM generate_series(1, 9) n`,
    script: `INSERT INTO plans (id, name) VALUES (100, 'a')`,
    facts: ['broken insert plans: 23505 the next numbers of sequence plans_id_seq are already in id'],
  },
  {
    name: 'explicit ids, and the sequence is set behind them',
    before: PLANS,
    script: `INSERT INTO plans (id, name) VALUES (10, 'a'), (11, 'b'); SELECT setval('plans_id_seq', max(id)) FROM plans`,
    facts: [],
  },
  {
    name: 'explicit ids below those of a sequence',
    before: PLANS,
    script: `INSERT INTO plans (id, name) VALUES (-1, 'a')`,
    facts: [],
  },
  {
    name: 'an identity that accepts no number of a client',
    before: `CREATE TABLE plans (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text); INSERT INTO plans (name) SELECT 'p' || n FROM generate_series(1, 9) n`,
    script: 'ALTER TABLE plans ALTER id SET GENERATED ALWAYS',
    facts: [
      'broken insert plans: 428C9 cannot insert a non-DEFAULT value into column "id"',
      'broken update plans: 428C9 column "id" can only be updated to DEFAULT',
    ],
  },
  {
    name: 'a function gets a second candidate',
    before: 'CREATE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$',
    script: 'CREATE FUNCTION total(a bigint, b int) RETURNS int LANGUAGE sql AS $$ SELECT b $$',
    facts: [],
  },
  {
    name: 'a function whose calls with untyped arguments are ambiguous now',
    before: 'CREATE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$',
    script: 'CREATE FUNCTION total(a bigint, b int DEFAULT 0) RETURNS int LANGUAGE sql AS $$ SELECT b $$',
    facts: ['broken call total(integer): 42725 function total(unknown) is not unique'],
  },
  {
    name: 'a function whose calls are ambiguous now',
    before: 'CREATE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$',
    script: 'CREATE FUNCTION total(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql AS $$ SELECT b $$',
    facts: ['broken call total(integer): 42725 function total(integer) is not unique'],
  },
  {
    name: 'a function with another argument',
    before: 'CREATE FUNCTION total(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT a $$',
    script: 'DROP FUNCTION total; CREATE FUNCTION total(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT b $$',
    facts: ['broken call total(integer, integer): 42883 function total(integer) does not exist'],
  },
  {
    name: 'a function with another argument that has a default',
    before: 'CREATE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$',
    script:
      'DROP FUNCTION total; CREATE FUNCTION total(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql AS $$ SELECT b $$',
    facts: [],
  },
  {
    name: 'an argument with another name',
    before: 'CREATE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    script: 'DROP FUNCTION total; CREATE FUNCTION total(b int) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$',
    facts: [
      'broken call total(integer): 42883 function total(a => integer) does not exist',
      'answers call total(integer): it returns bigint, not integer',
    ],
  },
  {
    name: 'a function with another body',
    before: 'CREATE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$',
    script: 'CREATE OR REPLACE FUNCTION total(a int) RETURNS int LANGUAGE sql AS $$ SELECT a + 1 $$',
    facts: [],
  },
  {
    name: 'a procedure is gone',
    before: 'CREATE PROCEDURE clean(a int) LANGUAGE sql AS $$ SELECT 1 $$',
    script: 'DROP PROCEDURE clean',
    facts: ['broken call clean(integer): 42883 procedure clean(integer) does not exist'],
  },
  {
    name: 'a right is taken from a role',
    before: `${ORDERS} GRANT USAGE ON SCHEMA THIS TO app; GRANT SELECT, INSERT ON orders TO app`,
    script: 'REVOKE INSERT ON orders FROM app',
    facts: ['broken insert orders: 42501 permission denied for table orders (app)'],
  },
  {
    name: 'a view is made again without the rights on it',
    before: `${ORDERS} CREATE VIEW recent AS SELECT id FROM orders; GRANT USAGE ON SCHEMA THIS TO app; GRANT SELECT ON recent TO app`,
    script: 'DROP VIEW recent; CREATE VIEW recent AS SELECT id FROM orders',
    facts: ['broken select recent: 42501 permission denied for table recent (app)'],
  },
  {
    name: 'a right that the role has by another way',
    before: `${ORDERS} GRANT USAGE ON SCHEMA THIS TO app, readers; GRANT SELECT ON orders TO app`,
    script: 'GRANT SELECT ON orders TO readers; REVOKE SELECT ON orders FROM app',
    facts: ['access orders: readers may SELECT from orders'],
  },
  {
    name: 'a schema is closed',
    before: `${ORDERS} GRANT USAGE ON SCHEMA THIS TO app; GRANT SELECT ON orders TO app`,
    script: 'REVOKE USAGE ON SCHEMA THIS FROM app',
    facts: ['broken select orders: 42501 permission denied for table orders (app)'],
  },
  {
    name: 'a table is made again as it was',
    before: `CREATE TABLE notes (id int PRIMARY KEY, body text); INSERT INTO notes SELECT n, 'n' || n FROM generate_series(1, 9) n`,
    script:
      'CREATE TABLE notes_new (LIKE notes INCLUDING ALL); INSERT INTO notes_new SELECT * FROM notes; DROP TABLE notes; ALTER TABLE notes_new RENAME TO notes',
    facts: [],
  },
  {
    name: 'a partition is gone, so its rows are refused',
    before: `CREATE TABLE events (day int, body text) PARTITION BY RANGE (day); CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10); CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20);
      INSERT INTO events SELECT n, 'e' FROM generate_series(0, 19) n`,
    script: 'ALTER TABLE events DETACH PARTITION events_1',
    facts: [
      'broken insert events: 23514 no partition of relation "events" found for row',
      'answers select events: the rows of events_1 are not in it: the partition is detached',
    ],
  },
]
