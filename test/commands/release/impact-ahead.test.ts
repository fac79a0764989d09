// What a plan says of steps on a database with rows and clients, at the size of its live tables.
import { expect } from '@jest/globals'
import type { LiveReport } from '../../../src/report/run-report.js'
import { testWithDump as test } from '../../support/with-dump.js'
import { serverForTests } from '../../support/live.js'
import { pairOf, productionsForTests, reasons } from '../../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

const warnings = ({ targets: [target] }: LiveReport): readonly string[] =>
  (target?.ahead?.conditions ?? []).flatMap(({ kind, what }) => (kind === 'warns' ? [what] : []))

test('a step that fails on live rows is refused with their number, and runs where there are none', async () => {
  const at = await makeProduction({
    ...pairOf(
      'core_db',
      '00001',
      'CREATE TABLE s (id int, state text, code text); CREATE TABLE p (id int PRIMARY KEY);',
      'DROP TABLE s, p;',
    ),
    ...pairOf(
      'core_db',
      '00002',
      'ALTER TABLE s ALTER state SET NOT NULL;',
      'ALTER TABLE s ALTER state DROP NOT NULL;',
    ),
    ...pairOf('core_db', '00003', 'CREATE UNIQUE INDEX s_code ON s (code);', 'DROP INDEX s_code;'),
    ...pairOf('core_db', '00004', 'ALTER TABLE s ADD COLUMN kind text NOT NULL;', 'ALTER TABLE s DROP COLUMN kind;'),
    ...pairOf(
      'core_db',
      '00005',
      'ALTER TABLE s ADD CONSTRAINT s_id CHECK (id < 9);',
      'ALTER TABLE s DROP CONSTRAINT s_id;',
    ),
    ...pairOf(
      'core_db',
      '00006',
      'ALTER TABLE s ADD CONSTRAINT s_parent FOREIGN KEY (id) REFERENCES p (id);',
      'ALTER TABLE s DROP CONSTRAINT s_parent;',
    ),
    ...pairOf('core_db', '00007', 'ALTER TABLE s ALTER code TYPE varchar(1);', 'ALTER TABLE s ALTER code TYPE text;'),
    ...pairOf('core_db', '00008', 'ALTER TABLE s ALTER id TYPE smallint;', 'ALTER TABLE s ALTER id TYPE int;'),
  })
  await at.upTo('00001')
  const database = at.databases['core_db']
  await database?.query(
    `INSERT INTO s SELECT g, CASE WHEN g > 3 THEN 'a' END, least(g, 10) FROM generate_series(1, 12) g; INSERT INTO p SELECT g FROM generate_series(1, 7) g`,
  )
  const planned = await at.plan()
  expect(planned.verdict).toBe('fail')
  expect(reasons(planned).split('\n')).toEqual([
    'core_db: 00002_m: s: fails on its rows: 3 rows would have NULL in state, which is required (SQLSTATE 23502)',
    'core_db: 00003_m: s: fails on its rows: 3 rows are duplicates in code for the unique key s_code (SQLSTATE 23505)',
    'core_db: 00004_m: s: fails on its rows: 12 rows would have NULL in kind, which is required (SQLSTATE 23502)',
    'core_db: 00005_m: s: fails on its rows: 4 rows break the check s_id in id (SQLSTATE 23514)',
    'core_db: 00006_m: s: fails on its rows: 5 rows break the foreign key s_parent in id (SQLSTATE 23503)',
    'core_db: 00007_m: s: fails on its rows: 3 rows have a value in code that is too long (SQLSTATE 22001)',
  ])
  await database?.query('DELETE FROM s')
  expect(reasons(await at.plan())).toBe('')
})

test('who waits is said for large live tables, and not for small ones', async () => {
  const at = await makeProduction({
    ...pairOf('core_db', '00001', 'CREATE TABLE big (id int); CREATE TABLE small (id int);', 'DROP TABLE big, small;'),
    ...pairOf(
      'core_db',
      '00002',
      'CREATE INDEX big_id ON big (id); CREATE INDEX small_id ON small (id);',
      'DROP INDEX big_id, small_id;',
    ),
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query('INSERT INTO big SELECT generate_series(1, 5000); INSERT INTO small VALUES (1)')
  await at.databases['core_db']?.query('ANALYZE big')
  await at.databases['core_db']?.query('ANALYZE small')
  const planned = await at.plan()
  expect(warnings(planned)).toEqual([
    '00002_m: big: writes wait behind a SHARE lock while the index big_id is built; the time grows with the table (5,000 rows here)',
  ])
})

test('a plan is not refused where its own steps may put the rows right', async () => {
  const at = await makeProduction({
    ...pairOf(
      'core_db',
      '00001',
      'CREATE TABLE a (id int, state text); CREATE TABLE b (id int, state text);',
      'DROP TABLE a, b;',
    ),
    ...pairOf('core_db', '00002', `UPDATE a SET state = 'x' WHERE state IS NULL;`, 'SELECT 1;'),
    ...pairOf(
      'core_db',
      '00003',
      'ALTER TABLE a ALTER state SET NOT NULL;',
      'ALTER TABLE a ALTER state DROP NOT NULL;',
    ),
    ...pairOf(
      'core_db',
      '00004',
      `UPDATE b SET state = 'x' WHERE state IS NULL AND id < 1000; ALTER TABLE b ALTER state SET NOT NULL;`,
      'ALTER TABLE b ALTER state DROP NOT NULL;',
    ),
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query(
    'INSERT INTO a SELECT generate_series(1, 5); INSERT INTO b SELECT generate_series(1, 5)',
  )
  const planned = await at.plan()
  expect(reasons(planned)).toBe('')
  expect(warnings(planned).filter((what) => what.includes('fails'))).toEqual([
    '00004_m: b: fails on rows with NULL in state: rows would have NULL in state, which is required (SQLSTATE 23502)',
  ])
})

test('a plan is not refused for values that fit, or that an earlier step makes fit', async () => {
  const at = await makeProduction({
    ...pairOf('core_db', '00001', 'CREATE TABLE s (id numeric, code text, name text);', 'DROP TABLE s;'),
    ...pairOf('core_db', '00002', 'ALTER TABLE s ALTER id TYPE smallint;', 'ALTER TABLE s ALTER id TYPE numeric;'),
    ...pairOf('core_db', '00003', 'ALTER TABLE s ALTER code TYPE varchar(2);', 'ALTER TABLE s ALTER code TYPE text;'),
    ...pairOf('core_db', '00004', 'ALTER TABLE s ALTER name TYPE text USING left(name, 1);', 'SELECT 1;'),
    ...pairOf('core_db', '00005', 'ALTER TABLE s ALTER name TYPE varchar(1);', 'ALTER TABLE s ALTER name TYPE text;'),
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query(`INSERT INTO s VALUES (-32768, 'ab   ', 'Ann'), (32767.4, 'cd', 'Bo')`)
  expect(reasons(await at.plan())).toBe('')
  const changed = ['00002', '00003', '00004', '00005'] as const
  const deployed = await at.deploy({ irreversible: changed })
  expect([deployed.verdict, reasons(deployed)]).toEqual(['pass', ''])
})
