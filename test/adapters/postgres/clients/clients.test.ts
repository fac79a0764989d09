// Asking as a client changes nothing, whatever is in the database, and stays in bounds.
import { expect, test } from '@jest/globals'
import { compareClients, compareLosses, rememberClients } from '../../../../src/adapters/postgres/clients/clients.js'
import { relationsUsing } from '../../../../src/adapters/postgres/clients/relations-using.js'
import { digestRows } from '../../../../src/adapters/postgres/scratch/row-digests.js'
import { openSession, type Session } from '../../../../src/adapters/postgres/session.js'
import { serverForTests } from '../../../support/live.js'
import { linesOf } from './run-cases.js'

const live = serverForTests()

const TABLES = `SELECT c.oid::text, c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY c.oid`

const tablesOf = async (session: Session): Promise<readonly { oid: string; relation: string }[]> =>
  ((await session.send(TABLES)).at(-1)?.rows ?? []).map(([oid, relation]) => ({
    oid: oid ?? '',
    relation: relation ?? '',
  }))

async function linesAfter(sql: string, script: string, as?: string): Promise<readonly string[]> {
  const at = await live.database()
  await at.query(sql)
  const session = await openSession({ ...live.cluster.connection(at.name), ...(as !== undefined && { user: as }) })
  try {
    const memory = await rememberClients(session, await tablesOf(session))
    await at.query(script)
    return linesOf(await compareClients(session, memory))
  } finally {
    await session.close()
  }
}

const HOSTILE = String.raw`
  SET standard_conforming_strings = on;
  CREATE SCHEMA "O'; DROP SCHEMA public; --";
  CREATE TABLE "O'; DROP SCHEMA public; --"."t""$migration_gate$\" (
    id serial PRIMARY KEY, "a'b\" text DEFAULT 'x''\', "é$$" jsonb, "select" numeric[], "''" bytea, "c.d" "char", made timestamptz DEFAULT now());
  INSERT INTO "O'; DROP SCHEMA public; --"."t""$migration_gate$\" ("a'b\", "é$$", "select", "''", "c.d")
    SELECT E'q''\\"\n\t$migration_gate$ ' || n || chr(8364), '{"a": "\"''\\"}', '{1.50,NULL}', '\x00ff', 'x' FROM generate_series(1, 9) n;
  CREATE VIEW "O'; DROP SCHEMA public; --"."v'" AS SELECT "a'b\" AS "w""" FROM "O'; DROP SCHEMA public; --"."t""$migration_gate$\";
  CREATE TYPE "m'" AS ENUM ('a''b', 'c\'); CREATE TABLE "e'" (id int PRIMARY KEY, m "m'"); INSERT INTO "e'" VALUES (1, 'a''b'), (2, 'c\');
  CREATE FUNCTION "f'"("p'" "m'", q int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';`

const T = String.raw`"O'; DROP SCHEMA public; --"."t""$migration_gate$\"`
const V = `"O'; DROP SCHEMA public; --"."v'"`

test('nothing is changed by being asked', async () => {
  const at = await live.database()
  await at.query(`${HOSTILE}
    CREATE TABLE odd (id int PRIMARY KEY REFERENCES "e'", twice int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO odd VALUES (1), (2);
    CREATE TABLE self (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent int REFERENCES self); INSERT INTO self (parent) VALUES (NULL), (1), (2);
    CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES; CREATE MATERIALIZED VIEW kept AS SELECT id FROM odd; CREATE VIEW fails AS SELECT 1 / (id - id) AS x FROM odd;
    CREATE FUNCTION no_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE EVENT TRIGGER no_ddl ON ddl_command_start EXECUTE FUNCTION no_ddl()`)
  const session = await openSession(live.cluster.connection(at.name))
  const look = async (): Promise<unknown> => [
    await digestRows(session),
    (
      await session.send(
        `SELECT sequencename, last_value FROM pg_sequences ORDER BY 1; SELECT relname, relfilenode FROM pg_class ORDER BY 1; SHOW search_path; SHOW session_replication_role; SELECT current_user`,
      )
    ).map(({ rows }) => rows),
  ]
  const before = await look()
  const memory = await rememberClients(session, await tablesOf(session))
  expect(session.inTransaction()).toBe(false)
  expect(await look()).toEqual(before)
  expect(linesOf(await compareClients(session, memory))).toEqual([])
  expect(await look()).toEqual(before)
  expect((await session.send('SELECT count(*) FROM pg_prepared_statements'))[0]?.rows).toEqual([['0']])
  await session.close()
})

test('names of any characters', async () => {
  expect(
    await linesAfter(
      HOSTILE,
      String.raw`SET search_path = "O'; DROP SCHEMA public; --", public; ALTER TABLE "t""$migration_gate$\" DROP COLUMN "é$$", ADD CONSTRAINT "k'" CHECK ("a'b\" = '') NOT VALID;
        ALTER TYPE "m'" RENAME VALUE 'a''b' TO 'z'; DROP FUNCTION "f'"; CREATE ROLE "r'"; GRANT SELECT ON "e'" TO "r'"`,
    ),
  ).toEqual([
    `broken select ${T}: 42703 column "é$$" does not exist`,
    String.raw`broken insert ${T}: 42703 column "é$$" of relation "t"$migration_gate$\" does not exist`,
    `broken update ${T}: 42703 column "é$$" does not exist`,
    String.raw`broken insert ${V}: 23514 new row for relation "t"$migration_gate$\" violates check constraint "k'"`,
    String.raw`broken update ${V}: 23514 new row for relation "t"$migration_gate$\" violates check constraint "k'"`,
    `broken insert ${T}: 23514 rows like some of ${T} violate constraint "k'"`,
    `broken insert "e'": 22P02 invalid input value for enum "m'": "a'b"`,
    `broken call "f'"("m'", integer): 42883 function f'("m'") does not exist`,
    `access "e'": r' may SELECT from "e'"`,
    `lost ${T} é$$: 9 values dropped`,
    `left ${T}: constraint not validated k'`,
  ])
})

test('what a down does not bring back', async () => {
  const at = await live.database()
  await at.query(
    `CREATE TABLE orders (id int PRIMARY KEY, state text, total int); INSERT INTO orders SELECT n, 's' || n, n FROM generate_series(1, 9) n`,
  )
  const session = await openSession(live.cluster.connection(at.name))
  const memory = await rememberClients(session, await tablesOf(session))
  await at.query('ALTER TABLE orders DROP COLUMN state; ALTER TABLE orders RENAME total TO amount')
  expect((await compareClients(session, memory)).lost).toHaveLength(1)
  await at.query('ALTER TABLE orders ADD COLUMN state text; ALTER TABLE orders RENAME amount TO total')
  expect(await compareLosses(session, memory)).toEqual({
    lost: [{ relation: 'orders', column: 'state', what: 'values', count: 9, how: 'dropped' }],
    notJudged: [],
  })
  expect((await compareClients(session, memory)).broken).toEqual([])
  await session.close()
})

test('tables that no lock shows', async () => {
  const at = await live.database()
  await at.query(`CREATE SCHEMA app; CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$; CREATE FUNCTION fits(a int) RETURNS boolean LANGUAGE sql AS 'SELECT a > 0';
    CREATE DOMAIN size AS int CHECK (fits(VALUE)); CREATE DOMAIN big AS size; CREATE TABLE app.by_trigger (id int); CREATE TRIGGER t BEFORE INSERT ON app.by_trigger FOR EACH ROW EXECUTE FUNCTION pass();
    CREATE TABLE by_domain (id int, sizes big[]); CREATE TABLE by_check (id int CHECK (fits(id))); CREATE TABLE neither (id int); CREATE VIEW by_query AS SELECT fits(id) FROM neither;
    INSERT INTO by_domain VALUES (1, '{1}'); INSERT INTO app.by_trigger VALUES (1)`)
  const session = await openSession(live.cluster.connection(at.name))
  const oids = async (sql: string): Promise<readonly string[]> =>
    ((await session.send(sql)).at(-1)?.rows ?? []).map(([oid]) => oid ?? '')
  const routines = await oids(`SELECT oid::text FROM pg_proc WHERE proname IN ('pass', 'fits')`)
  const types = await oids(`SELECT oid::text FROM pg_type WHERE typname = 'size'`)
  const names = async (about: { routines: readonly string[]; types: readonly string[] }): Promise<readonly string[]> =>
    (await relationsUsing(session, about)).map(({ relation }) => relation)
  expect(await names({ routines: [], types })).toEqual(['by_domain'])
  expect(await names({ routines, types: [] })).toEqual(['app.by_trigger', 'by_domain', 'by_check', 'by_query'])
  const memory = await rememberClients(session, await relationsUsing(session, { routines: [], types }))
  await at.query(`ALTER DOMAIN size ADD CONSTRAINT large CHECK (VALUE > 5) NOT VALID; ALTER SCHEMA app RENAME TO shop`)
  expect(linesOf(await compareClients(session, memory))).toEqual([
    'broken insert by_domain: 23514 value for domain big violates check constraint "large"',
    ...['select', 'insert', 'update'].map(
      (verb) => `broken ${verb} app.by_trigger: 42P01 relation "app.by_trigger" does not exist`,
    ),
  ])
  await session.close()
})

test('a session without the rights of a superuser', async () => {
  expect(
    await linesAfter(
      `CREATE ROLE owner LOGIN; GRANT CREATE ON SCHEMA public TO owner; SET ROLE owner; CREATE TABLE orders (id serial PRIMARY KEY, state text); INSERT INTO orders (state) SELECT 'x' FROM generate_series(1, 9);
       CREATE TABLE items (id int PRIMARY KEY, of int REFERENCES orders); INSERT INTO items VALUES (1, 1)`,
      'SET ROLE owner; ALTER TABLE items ADD CONSTRAINT c CHECK (of > 1) NOT VALID; ALTER TABLE orders DROP COLUMN state',
      'owner',
    ),
  ).toEqual([
    'broken select orders: 42703 column "state" does not exist',
    'broken insert orders: 42703 column "state" of relation "orders" does not exist',
    'broken update orders: 42703 column "state" does not exist',
    'broken insert items: 23514 new row for relation "items" violates check constraint "c"',
    'broken update items: 23514 new row for relation "items" violates check constraint "c"',
    'lost orders state: 9 values dropped',
    'left items: constraint not validated c',
  ])
})
