// Objects by hand and the steps that meet them: a plan stops where the step fails on the live database, and nowhere else.
import { expect } from '@jest/globals'
import { testWithDump as test } from '../support/with-dump.js'
import { serverForTests } from '../support/live.js'
import { pairOf, productionsForTests, reasons, rules } from '../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

type Case = { readonly files: string; readonly hand: string; readonly step: string; readonly named?: string }

const TABLE = 'CREATE TABLE s (id int PRIMARY KEY, sub varchar(9));'
const DROPS = 'ALTER TABLE s DROP COLUMN sub;'

test.each<[string, Case]>([
  [
    'a view, another type',
    {
      files: TABLE,
      hand: 'CREATE VIEW imp AS SELECT sub FROM s',
      step: 'ALTER TABLE s ALTER sub TYPE text;',
      named: 'view public.imp',
    },
  ],
  [
    'a materialized view',
    {
      files: TABLE,
      hand: 'CREATE MATERIALIZED VIEW imp AS SELECT sub FROM s',
      step: DROPS,
      named: 'matview public.imp',
    },
  ],
  [
    'a foreign key',
    { files: TABLE, hand: 'CREATE TABLE h (s int REFERENCES s)', step: 'DROP TABLE s;', named: 'table public.h' },
  ],
  [
    'a policy',
    { files: TABLE, hand: `CREATE POLICY p ON s USING (sub = 'x')`, step: DROPS, named: 'policy public.s.p' },
  ],
  [
    'a trigger',
    {
      files: TABLE,
      hand: 'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$; CREATE TRIGGER tr BEFORE UPDATE OF sub ON s FOR EACH ROW EXECUTE FUNCTION f()',
      step: DROPS,
      named: 'trigger public.s.tr',
    },
  ],
  [
    'a function',
    {
      files: TABLE,
      hand: 'CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT sub FROM s LIMIT 1; END',
      step: DROPS,
      named: 'function public.f()',
    },
  ],
  [
    'a column of a type',
    {
      files: `CREATE TYPE mood AS ENUM ('a');`,
      hand: 'CREATE TABLE h (m mood)',
      step: 'DROP TYPE mood;',
      named: 'table public.h',
    },
  ],
  [
    'a generated column',
    {
      files: `CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';`,
      hand: 'CREATE TABLE h (a int, g int GENERATED ALWAYS AS (f(a)) STORED)',
      step: 'DROP FUNCTION f(int);',
      named: 'table public.h',
    },
  ],
  [
    'a table that a step makes',
    { files: TABLE, hand: 'CREATE TABLE n (id int)', step: 'CREATE TABLE n (id int);', named: 'table public.n' },
  ],
  [
    'an index that is gone',
    {
      files: `${TABLE} CREATE INDEX si ON s (sub);`,
      hand: 'DROP INDEX si',
      step: 'DROP INDEX si;',
      named: 'index public.si is missing',
    },
  ],
  ['a view on another column', { files: TABLE, hand: 'CREATE VIEW fits AS SELECT id FROM s', step: DROPS }],
  [
    'a table that a step makes if it is missing',
    { files: TABLE, hand: 'CREATE TABLE n (id int)', step: 'CREATE TABLE IF NOT EXISTS n (id int);' },
  ],
  [
    'rows that the copy does not have',
    {
      files: `${TABLE} INSERT INTO s VALUES (1, 'x'); CREATE TABLE k (s int REFERENCES s);`,
      hand: 'CREATE TABLE n (id int)',
      step: 'INSERT INTO k VALUES (1);',
    },
  ],
])('%s', async (_, { files, hand, step, named }) => {
  const at = await makeProduction({
    ...pairOf('core_db', '00001', files, 'SELECT 1;'),
    ...pairOf('core_db', '00002', step, 'SELECT 1;'),
  })
  await at.upTo('00001')
  const database = at.databases['core_db']
  await database?.query(hand)
  const fails = await database?.query(`BEGIN; ${step} ROLLBACK`).then(
    () => false,
    () => true,
  )
  const report = await at.plan()
  expect([fails, report.approval?.refused.map(({ rule }) => rule)]).toEqual(
    named === undefined ? [false, []] : [true, ['blocker']],
  )
  if (named !== undefined) expect(reasons(report)).toContain(named)
})

test('a role that has rights elsewhere is not dropped', async () => {
  const at = await makeProduction({
    ...pairOf(
      'core_db',
      '00001',
      'CREATE ROLE made_by_file; CREATE TABLE s (id int); GRANT SELECT ON s TO made_by_file;',
      'SELECT 1;',
    ),
    ...pairOf(
      'core_db',
      '00002',
      'REVOKE SELECT ON s FROM made_by_file; DROP ROLE made_by_file;',
      'CREATE ROLE made_by_file;',
    ),
  })
  await at.upTo('00001')
  expect((await at.plan()).approval?.refused).toEqual([])
  await at.databases['core_db']?.query('CREATE TABLE h (id int); GRANT SELECT ON h TO made_by_file')
  const refused = await at.plan()
  expect(reasons(refused)).toContain(
    '00002_m drops the role made_by_file, on which depends what no file makes: table h',
  )
  expect(refused.approval?.refused[0]?.fix).toContain('first REASSIGN OWNED, then DROP OWNED, in each database')
})

test('what a step takes along is named: views stop it, rights stop it, parts of its table are worth knowing', async () => {
  const at = await makeProduction({
    ...pairOf(
      'core_db',
      '00001',
      'CREATE TABLE s (id int, sub text); CREATE TABLE t (id int, c text); CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM t;',
      'DROP TABLE s, t CASCADE;',
    ),
    ...pairOf('core_db', '00002', 'ALTER TABLE s DROP COLUMN sub CASCADE;', 'ALTER TABLE s ADD COLUMN sub text;'),
    ...pairOf('core_db', '00003', 'ALTER TABLE t DROP COLUMN c;', 'ALTER TABLE t ADD COLUMN c text;'),
    ...pairOf(
      'core_db',
      '00004',
      'DROP VIEW v; CREATE VIEW v AS SELECT 1 AS id;',
      'DROP VIEW v; CREATE VIEW v AS SELECT id FROM t;',
    ),
    ...pairOf(
      'core_db',
      '00005',
      'CREATE OR REPLACE VIEW w AS SELECT id + 0 AS id FROM t;',
      'CREATE OR REPLACE VIEW w AS SELECT id FROM t;',
    ),
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query(`CREATE VIEW imp AS SELECT sub FROM s; CREATE VIEW fits AS SELECT id FROM s;
    CREATE INDEX by_hand ON t (id, c); CREATE ROLE reporting; GRANT SELECT ON v, w TO reporting; GRANT SELECT (c) ON t TO reporting`)
  const report = await at.plan()
  expect(rules(report)).toEqual(['blocker', 'blocker', 'blocker'])
  expect(reasons(report).split('\n')).toEqual([
    'core_db: 00003_m drops what roles have rights on that no file gives: column public.t.c (reporting)',
    'core_db: 00004_m drops and makes again what roles have rights on that no file gives, so they lose them: view public.v (reporting)',
    'core_db: 00002_m also drops what no file makes: view public.imp',
  ])
  expect(report.targets[0]?.ahead?.conditions.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    'warns 00003_m also drops what no file makes: index public.by_hand',
    'warns 00002_m: s: the server refuses what it took before: select, insert, update: column "sub" does not exist (SQLSTATE 42703)',
    'warns 00003_m: t: the server refuses what it took before: select, insert, update: column "c" does not exist (SQLSTATE 42703)',
    'warns 00004_m: v: the server refuses what it took before: insert, update: it takes no rows now (SQLSTATE 55000)',
    'warns 00005_m: w: the server refuses what it took before: insert, update: it takes no rows now (SQLSTATE 55000)',
  ])
  await at.databases['core_db']?.query(`DROP VIEW imp; REVOKE SELECT (c) ON t FROM reporting;
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reporting`)
  expect(rules(await at.plan())).toEqual([])
})
