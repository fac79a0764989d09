// What a deploy says of steps that lock or rewrite on the live database what they did not in their dry run.
import { expect } from '@jest/globals'
import type { LiveReport } from '../../../src/report/run-report.js'
import { testWithDump as test } from '../../support/with-dump.js'
import { serverForTests } from '../../support/live.js'
import { pairOf, productionsForTests } from '../../support/production.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

const beyond = ({ targets: [target] }: LiveReport): readonly string[] =>
  (target?.notes ?? []).filter((note) => note.includes('dry run'))

test('a step that locks and rewrites more than in its dry run is named, and others are not', async () => {
  const at = await makeProduction({
    ...pairOf(
      'core_db',
      '00001',
      `CREATE TABLE orders (id int, state text);
CREATE TABLE customers (id int);
CREATE TABLE events (id int) PARTITION BY LIST (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2);`,
      'DROP TABLE orders, customers, events;',
    ),
    ...pairOf('core_db', '00002', 'CREATE INDEX orders_id ON orders (id);', 'DROP INDEX orders_id;'),
    ...pairOf(
      'core_db',
      '00003',
      `DO $$ BEGIN
  IF to_regclass('only_here') IS NOT NULL THEN
    LOCK TABLE customers, events;
    ALTER TABLE orders SET UNLOGGED;
    ALTER TABLE orders SET LOGGED;
  ELSE
    LOCK TABLE customers IN SHARE MODE;
  END IF;
END $$;`,
      'SELECT 1;',
    ),
    ...pairOf(
      'core_db',
      '00004',
      'ALTER TABLE orders ALTER id TYPE bigint; CREATE TABLE made (id int);',
      'DROP TABLE made; ALTER TABLE orders ALTER id TYPE int;',
    ),
    ...pairOf('core_db', '00005', 'LOCK TABLE made, orders;', 'SELECT 1;'),
  })
  await at.upTo('00001')
  const database = at.databases['core_db']
  await database?.query(`CREATE TABLE only_here (id int);
CREATE TABLE events_3 PARTITION OF events FOR VALUES IN (3);
INSERT INTO orders SELECT g, 'a' FROM generate_series(1, 5) g`)
  const deployed = await at.deploy()
  expect({ verdict: deployed.verdict, seen: deployed.targets[0]?.seen }).toMatchObject({ verdict: 'pass' })
  expect(beyond(deployed)).toEqual([
    '00003_m: orders, events and its 3 partitions: reads and writes wait behind an ACCESS EXCLUSIVE lock; the dry run had no lock there',
    '00003_m: customers: reads and writes wait behind an ACCESS EXCLUSIVE lock; the dry run had a SHARE lock there',
    '00003_m: orders: all of it was written again or removed; in the dry run it was not',
  ])
})
