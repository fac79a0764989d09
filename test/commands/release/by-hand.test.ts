// What a plan says about objects in the live database that no file makes.
import { expect } from '@jest/globals'
import { isLoss } from '../../../src/catalog/data-loss.js'
import { testWithDump as test } from '../../support/with-dump.js'
import { serverForTests } from '../../support/live.js'
import { pairOf, productionsForTests, reasons, rules } from '../../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

test('a view by hand on a column that a step drops stops plan and deploy, by its name', async () => {
  const at = await makeProduction({
    ...pairOf('core_db', '00001', 'CREATE TABLE s (id int, sub text);', 'DROP TABLE s;'),
    ...pairOf('core_db', '00002', 'ALTER TABLE s DROP COLUMN sub;', 'ALTER TABLE s ADD COLUMN sub text;'),
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query('CREATE VIEW imp AS SELECT sub FROM s')
  const planned = await at.plan()
  expect([planned.verdict, rules(planned)]).toEqual(['fail', ['blocker']])
  expect(reasons(planned)).toBe(
    'core_db: 00002_m fails on a copy of the live structure: cannot drop column sub of table s because other objects depend on it: view imp depends on column sub of table s (SQLSTATE 2BP01); no file makes view public.imp',
  )
  // A baseline to 00003 would record 00002 as well, so that is deployed first.
  at.write({ 'migrations/core_db/00003_m.up.sql': 'CREATE TABLE n ();\n' })
  at.write({ 'migrations/core_db/00003_m.down.sql': 'DROP TABLE n;\n' })
  await at.databases['core_db']?.query('DROP VIEW imp; CREATE TABLE n ()')
  const about = '--environment production --databases core_db --to'
  const record = `record the step: \`pg-migration-gate baseline ${about} 00003\`; else remove it.`
  const fixOf = async (): Promise<string | undefined> => (await at.plan()).approval?.refused[0]?.fix
  expect(await fixOf()).toBe(
    `Find out who created it. If it is what the step creates, first deploy the steps before it (\`pg-migration-gate plan ${about} 00002\`), then ${record}`,
  )
  await at.upTo('00002')
  expect(await fixOf()).toBe(`Find out who created it. If it is what the step creates, ${record}`)
})

test('triggers, rules and functions by hand count for what a plan says about data, and harmless ones do not', async () => {
  const steps = [
    'UPDATE s SET n = n;',
    'INSERT INTO ruled VALUES (1);',
    'INSERT INTO s VALUES (9, 9) ON CONFLICT (id) DO UPDATE SET n = excluded.n;',
    'SELECT tidy();',
    'DELETE FROM parent;',
    'ALTER TABLE s RENAME TO t; UPDATE t SET n = 2 WHERE id = 0;',
    'UPDATE quiet SET n = n;',
  ]
  const at = await makeProduction({
    ...pairOf(
      'core_db',
      '00001',
      `CREATE TABLE s (id int PRIMARY KEY, n int); CREATE TABLE ruled (id int); CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE quiet (n int); CREATE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 1';`,
      'SELECT 1;',
    ),
    ...Object.fromEntries(
      steps.flatMap((up, i) => Object.entries(pairOf('core_db', `0000${String(i + 2)}`, up, 'SELECT 1;'))),
    ),
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query(`INSERT INTO s VALUES (1, 1); INSERT INTO parent VALUES (1);
CREATE TABLE a1 (x int); CREATE TABLE a2 (x int); CREATE TABLE a3 (x int); CREATE TABLE a4 (x int); CREATE TABLE a5 (x int);
CREATE FUNCTION f1() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM a1; RETURN NEW; END';
CREATE TRIGGER h1 BEFORE UPDATE ON s FOR EACH STATEMENT EXECUTE FUNCTION f1();
CREATE RULE h2 AS ON INSERT TO ruled DO ALSO DELETE FROM a2;
CREATE FUNCTION f3() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM a3; RETURN NEW; END';
CREATE TRIGGER h3 AFTER INSERT ON s FOR EACH ROW EXECUTE FUNCTION f3();
CREATE OR REPLACE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'DELETE FROM a4; SELECT 1';
CREATE TABLE child (p int REFERENCES parent ON DELETE SET NULL); INSERT INTO child VALUES (1);
CREATE FUNCTION f5() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM a5; RETURN NEW; END';
CREATE TRIGGER h5 AFTER UPDATE ON child FOR EACH ROW EXECUTE FUNCTION f5();
CREATE FUNCTION f6() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO a1 VALUES (1); RETURN NEW; END';
CREATE TRIGGER h6 AFTER UPDATE ON quiet FOR EACH ROW EXECUTE FUNCTION f6();`)
  const planned = await at.plan()
  const said = planned.targets[0]?.ahead?.steps.map(({ losses }) =>
    losses.filter(isLoss).map((loss) => ('table' in loss ? [loss.table, loss.why ?? loss.rows] : loss)),
  )
  const byCode = (table: string, what: string): unknown => [`public.${table}`, `${what} changes them`]
  expect(said).toEqual([
    [byCode('a1', 'trigger h1')],
    [byCode('a2', 'rule h2')],
    [['public.s', '00002_m changes its rows first'], byCode('a3', 'trigger h3'), byCode('a1', 'trigger h1')],
    [byCode('a4', 'function tidy')],
    [['public.parent', 1], ['public.child', 1], byCode('a5', 'trigger h5')],
    [expect.arrayContaining(['public.s']), byCode('a1', 'trigger h1')],
    [],
  ])
})
