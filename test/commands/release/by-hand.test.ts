// What a plan says about objects in the live database that no file makes.
import { expect } from '@jest/globals'
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
})
