// Made-up rows on a real PostgreSQL: of each family of constraints, and whatever may go wrong.
import { describe, expect, test } from '@jest/globals'
import { fillTables, type Filled, type FillRequest } from '../../../../src/adapters/postgres/fill/fill.js'
import { textsLike, textsMatching } from '../../../../src/adapters/postgres/fill/patterns.js'
import { openSession, type Session } from '../../../../src/adapters/postgres/session.js'
import { serverForTests, startLive } from '../../../support/live.js'
import { serverNamed } from '../../../support/server.js'
import { FAMILIES, ROWS, type Family } from './families.js'

const live = serverForTests()

/** A session on a new database, ended with the test. */
async function withDatabase(sql: string, body: (session: Session) => Promise<void>, role?: string): Promise<void> {
  const { name } = await live.database()
  await inDatabase(live.cluster.connection(name), sql, body, role)
}

async function inDatabase(
  config: Parameters<typeof openSession>[0],
  sql: string,
  body: (session: Session) => Promise<void>,
  role?: string,
): Promise<void> {
  const session = await openSession(config)
  try {
    await session.send(sql)
    if (role !== undefined) await session.send(`SET SESSION AUTHORIZATION ${role}`)
    await body(session)
  } finally {
    await session.close()
  }
}

const natural = (tables: readonly string[], more: Partial<FillRequest> = {}): FillRequest => ({
  tables,
  rows: ROWS,
  kind: 'natural',
  ...more,
})

const rowsOf = (filled: readonly Filled[]): Readonly<Record<string, number>> =>
  Object.fromEntries(filled.map(({ relation, rows }) => [relation, rows]))

/** Foreign keys whose rows have no parent. Triggers were off, so the server has not looked at them. */
const ORPHANS = `DO $$ DECLARE k record; BEGIN FOR k IN SELECT conname, conrelid::regclass AS t, pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 LOOP
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT again %s', k.t, k.def); EXECUTE format('ALTER TABLE %s DROP CONSTRAINT again', k.t); END LOOP; END $$`

async function tablesOf(session: Session, schema: string): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query(
    `SELECT c.relname, c.oid::text FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    [schema],
  )
  return new Map(rows.map(({ relname, oid }) => [String(relname), String(oid)]))
}

/** A new schema, which the session's names mean. */
async function schemaWith(session: Session, sql: string): Promise<string> {
  const [row] = await session.query(`SELECT 'family_' || count(*) AS schema FROM pg_namespace`, [])
  const schema = String(row?.['schema'])
  await session.send(`CREATE SCHEMA ${schema}; SET search_path = ${schema}, public; ${sql}`)
  return schema
}

async function showFamily(session: Session, { name, sql, asked, holds = [], few = {} }: Family): Promise<void> {
  const schema = await schemaWith(session, sql)
  const known = await tablesOf(session, schema)
  const filled = await fillTables(session, natural((asked ?? [...known.keys()]).map((name) => known.get(name) ?? name)))
  const short = filled.filter(({ rows, why }) => rows < ROWS || why !== undefined)
  const expected = Object.entries(few).map(([table, why]) => [`${schema}.${table}`, why.replace('%s', schema)])
  expect({ name, short: short.map(({ relation, why }) => [relation, why]).toSorted() }).toEqual({
    name,
    short: expected.toSorted(),
  })
  const answers: unknown[] = []
  for (const condition of holds) answers.push([condition, (await session.send(`SELECT ${condition}`))[0]?.rows[0]?.[0]])
  expect({ name, holds: answers }).toEqual({ name, holds: holds.map((condition) => [condition, 't']) })
  await session.send(ORPHANS)
  await session.send(`SET search_path = public`)
}

test('each family of types and constraints gets its rows, and keys hold', async () => {
  await withDatabase('', async (session) => {
    for (const family of FAMILIES) await showFamily(session, family)
  })
})

test('all families get awkward rows behind the natural ones, and keys hold', async () => {
  await withDatabase('', async (session) => {
    for (const { sql, asked } of FAMILIES) {
      const known = await tablesOf(session, await schemaWith(session, sql))
      await fillTables(session, {
        tables: (asked ?? [...known.keys()]).map((name) => known.get(name) ?? name),
        rows: 20,
        kind: 'awkward',
      })
      await session.send(`${ORPHANS}; SET search_path = public`)
    }
  })
})

test('awkward rows have NULL, equal, empty, longest, negative and far values', async () => {
  await withDatabase(
    `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a text, v varchar(5) NOT NULL, n int, d date, p int REFERENCES p, q int NOT NULL REFERENCES p)`,
    async (session) => {
      const filled = await fillTables(session, { tables: ['t'], rows: ROWS, kind: 'awkward' })
      expect(filled.find(({ relation }) => relation === 't')?.rows).toBeGreaterThan(ROWS + 8)
      const [found] = await session.query(
        `SELECT bool_or(a IS NULL AND n IS NULL AND d IS NULL AND p IS NULL) AS empty, bool_or(a = '') AS blank, bool_or(length(a) > 5000) AS long, bool_or(octet_length(a) > length(a)) AS wide,
        max(length(v)) = 5 AS longest, min(n) < 0 AS negative, min(d) = '-infinity' AS far, count(*) > count(DISTINCT (a, v, n, d)) AS twins FROM t`,
        [],
      )
      expect(Object.values(found ?? {})).toEqual(Array(8).fill('t'))
      await session.send(ORPHANS)
    },
  )
})

test('the same tables get the same rows, whatever the session is set to', async () => {
  const sql = `CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE p (id serial PRIMARY KEY, u uuid DEFAULT gen_random_uuid(), at timestamptz DEFAULT now());
    CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p, s text CHECK (s ~ '^[a-z]+$'), m mood, f float8 DEFAULT random())`
  const digests: unknown[] = []
  for (const setting of [
    '',
    `SET search_path = ''; SET timezone = 'Asia/Tokyo'; SET datestyle = 'German'`,
    `SET search_path = nowhere, pg_catalog; SET lc_monetary = 'C'`,
  ])
    await withDatabase(`${sql}; ${setting}`, async (session) => {
      await fillTables(session, { tables: ['public.t', 'public.p'], rows: ROWS, kind: 'awkward' })
      const text = (table: string): string => `(SELECT string_agg(x::text, '|' ORDER BY x.id) FROM public.${table} x)`
      const [row] = await session.query(
        `SELECT ${text('t')} || ${text('p')} AS all FROM set_config('timezone', 'UTC', false) AS a, set_config('datestyle', 'ISO', false) AS b`,
        [],
      )
      digests.push(row?.['all'])
    })
  expect(new Set(digests).size).toBe(1)
})

test('inside a transaction of the caller all is undone with it, and settings are as before', async () => {
  await withDatabase(
    `CREATE TABLE t (id int); CREATE TABLE bad (id int CHECK (id / 0 = 1)); SET search_path = public, pg_temp`,
    async (session) => {
      const settings = `SELECT name, setting FROM pg_settings WHERE name <> 'transaction_isolation' ORDER BY name`
      const before = await session.query(settings, [])
      await session.send(`BEGIN; INSERT INTO t VALUES (1); SET LOCAL statement_timeout = '1min'`)
      const inside = await session.query(settings, [])
      const filled = await fillTables(session, natural(['t', 'bad', 'public.missing', 'pg_catalog.pg_class']))
      expect(await session.query(settings, [])).toEqual(inside)
      expect(rowsOf(filled)).toEqual({ t: 1, bad: ROWS, 'public.missing': 0, 'pg_catalog.pg_class': 0 })
      await session.send('ROLLBACK')
      expect(await session.query(settings, [])).toEqual(before)
      expect((await session.send('SELECT count(*) FROM t'))[0]?.rows).toEqual([['0']])
    },
  )
})

test('a table with rows is left alone, and its rows are parents', async () => {
  await withDatabase(
    `CREATE TABLE p (id text PRIMARY KEY); INSERT INTO p VALUES ('x'), ('y'); CREATE TABLE t (p text NOT NULL REFERENCES p, n int)`,
    async (session) => {
      const filled = await fillTables(session, natural(['t']))
      expect(filled.map(({ relation, rows, added }) => [relation, rows, added])).toEqual([
        ['p', 2, 0],
        ['t', ROWS, ROWS],
      ])
      expect((await session.send('SELECT p, count(*) FROM t GROUP BY p ORDER BY p'))[0]?.rows).toEqual([
        ['x', '100'],
        ['y', '100'],
      ])
      expect(rowsOf(await fillTables(session, natural(['t'], { rows: 1_000 })))).toEqual({ p: 2, t: ROWS })
    },
  )
})

test('a foreign key that is added afterwards finds its parents', async () => {
  const sql = `CREATE TABLE p (id serial PRIMARY KEY, u uuid UNIQUE, code text UNIQUE); CREATE TABLE t (x text, p bigint, u uuid, code varchar(20))`
  await withDatabase(sql, async (session) => {
    await fillTables(session, natural(['p', 't'], { rows: 1_000 }))
    await session.send(
      `ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p, ADD FOREIGN KEY (u) REFERENCES p (u), ADD FOREIGN KEY (code) REFERENCES p (code)`,
    )
  })
})

test('what is no table is named with the reason', async () => {
  await withDatabase(
    `CREATE VIEW v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE SEQUENCE s; CREATE TYPE odd; CREATE FUNCTION odd_in(cstring) RETURNS odd LANGUAGE internal IMMUTABLE STRICT AS 'boolin';
    CREATE FUNCTION odd_out(odd) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'boolout'; CREATE TYPE odd (INPUT = odd_in, OUTPUT = odd_out, LIKE = bool); CREATE TABLE t (a odd)`,
    async (session) => {
      const filled = await fillTables(session, natural(['v', 'm', 's', 't']))
      expect(Object.fromEntries(filled.map(({ relation, why }) => [relation, why]))).toEqual({
        v: 'a view has the rows of its query',
        m: 'a materialized view has the rows of its query',
        s: 'a sequence has no rows',
        t: 'its column a has the unknown type public.odd',
      })
    },
  )
})

test.each([
  ['integer', 'sum(a::int) IS NOT NULL'],
  ['json', `count(a::jsonb -> 'n') = ${ROWS}`],
  ['uuid', `count(DISTINCT a::uuid) = ${ROWS}`],
  ['timestamp', `count(DISTINCT a::timestamp) = ${ROWS}`],
  ['boolean', 'bool_or(a::boolean)'],
] as const)('texts have the form %s', async (form, condition) => {
  await withDatabase('CREATE TABLE t (a text)', async (session) => {
    await fillTables(session, natural(['t'], { form }))
    expect((await session.send(`SELECT ${condition} FROM t`))[0]?.rows).toEqual([['t']])
  })
})

test('texts match the patterns that they are made for', async () => {
  const regular = [
    String.raw`^\d{4}-\d{2}-\d{2}$`,
    '^[[:alpha:]_][[:alnum:]_]*$',
    '^(?:a|b)c?d+e{2,4}f{3}$',
    String.raw`^[^@\s]+@[^@\s]+\.[a-z]{2,}$`,
    '^#(?:[0-9a-f]{3}){1,2}$',
    String.raw`^\+[1-9]\d{1,14}$`,
    String.raw`^(\w+\.)+\w+$`,
    String.raw`^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$`,
    String.raw`^[\]a\-z.]+$`,
    String.raw`^\(\d{3}\)\s\d+$`,
    '^.{20,}$',
    '^(?!xx)[a-z]+$',
    '^((ab{3}){5}){2}$',
    String.raw`^(0|[1-9]\d*)\.(0|[1-9]\d*)$`,
  ]
  const like = ['abc', '%', '_', 'a%b_c', String.raw`100\%`, '%@%.%', '']
  await withDatabase('', async (session) => {
    const matched = async (
      pattern: string,
      operator: string,
      texts: readonly ((n: string) => string)[],
    ): Promise<unknown> => {
      const all = texts.map((text) => text('7')).join(', ')
      return (
        await session.query(`SELECT bool_or(t ${operator} $1) AS matched FROM unnest(ARRAY[${all}]::text[]) t`, [
          pattern,
        ])
      )[0]?.['matched']
    }
    for (const one of regular) expect([one, await matched(one, '~', textsMatching(one))]).toEqual([one, 't'])
    for (const one of like) expect([one, await matched(one, 'LIKE', textsLike(one))]).toEqual([one, 't'])
  })
})

test('a role that may not switch triggers off fills what they allow', async () => {
  const sql = `DROP ROLE IF EXISTS plain_filler; CREATE ROLE plain_filler; GRANT CREATE ON SCHEMA public TO plain_filler; SET ROLE plain_filler;
    CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int NOT NULL REFERENCES p DEFERRABLE INITIALLY DEFERRED, up int); CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES p);
    CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE TABLE r (a int); CREATE TRIGGER b BEFORE INSERT ON r FOR EACH ROW EXECUTE FUNCTION boom();
    CREATE TABLE half (a int); CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.a % 2 = 1 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$; CREATE TRIGGER b BEFORE INSERT ON half FOR EACH ROW EXECUTE FUNCTION odd()`
  await withDatabase(
    sql,
    async (session) => {
      const filled = await fillTables(session, natural(['t', 'a', 'r', 'half']))
      expect(rowsOf(filled)).toEqual({ p: ROWS, t: ROWS, a: ROWS, r: 0, half: ROWS / 2 })
      expect(filled.find(({ relation }) => relation === 'r')?.why).toBe('a trigger or a function refuses made-up rows')
    },
    'plain_filler',
  )
})

test('a fill that takes long is ended', async () => {
  await withDatabase(
    `CREATE FUNCTION slow(int) RETURNS bool LANGUAGE sql AS 'SELECT pg_sleep(0.2) IS NOT NULL'; CREATE TABLE t (a int CHECK (slow(a)))`,
    async (session) => {
      const filled = await fillTables(session, natural(['t'], { patience: 150 }))
      expect(filled.map(({ rows, why }) => [rows, why])).toEqual([[0, 'its rows take too long']])
    },
  )
})

describe.each(['postgres-14', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)
  it(`fills all families there (${needs})`, async () => {
    const other = await startLive(folder)
    try {
      const { name: database } = await other.database()
      await inDatabase(other.cluster.connection(database), '', async (session) => {
        for (const family of FAMILIES) await showFamily(session, family)
      })
    } finally {
      await other.close()
    }
  })
})
