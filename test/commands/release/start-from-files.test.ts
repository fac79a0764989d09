// On what the steps of a plan are tried where the files alone do not make the state that they start from.
import { expect } from '@jest/globals'
import { testWithDump as test } from '../../support/with-dump.js'
import { rmSync } from 'node:fs'
import { serverForTests } from '../../support/live.js'
import { outcomes, pairOf, productionsForTests, reasons, type Production } from '../../support/production.js'

const live = serverForTests()
const production = productionsForTests(live)

/** Tried on the copy, and deployed as it was tried: the schema that came out was known before. */
async function isTriedOnCopy(at: Production, why: string): Promise<void> {
  const plan = await at.plan()
  expect(reasons(plan)).toBe('')
  const [target] = plan.targets
  expect(target?.ahead).toMatchObject({
    rehearsed: true,
    drift: undefined,
    steps: [{ rehearsed: true, does: [{ kind: 'column', change: 'left behind' }], back: 'proved' }],
  })
  expect(target?.ahead?.notCompared.join('\n')).toContain(
    `${why}, so the dry run used a copy of the live structure; its drift is unknown`,
  )
  expect(plan.approval?.sheet.databases[0]?.steps[0]?.after).toMatch(/^[0-9a-f]{64}$/)
  const done = await at.deploy()
  expect(done).toMatchObject({ verdict: 'pass', targets: [{ ahead: { rehearsed: true } }] })
  expect(outcomes(done)).toEqual(['core_db 00003 applied'])
}

const NEXT = ['ALTER TABLE made ADD COLUMN more int;', 'ALTER TABLE made DROP COLUMN more;'] as const

test('an applied migration is code', async () => {
  const goose = (up: string, down: string): string => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`
  const at = await production({
    'core_db/00001_first.sql': goose('CREATE TABLE first (id int);', 'DROP TABLE first;'),
    'core_db/00002_code.go': 'package migrations\n',
  })
  await at.upTo('00001')
  await at.databases['core_db']?.query(
    'INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, true); CREATE TABLE made (id int)',
  )
  at.write({ 'migrations/core_db/00003_next.sql': goose(...NEXT) })
  await isTriedOnCopy(at, 'what 00002_code did is not in a SQL file')
})

test('the file of an applied migration is gone', async () => {
  const at = await production({
    ...pairOf('core_db', '00001', 'CREATE TABLE made (id int);', 'DROP TABLE made;'),
    ...pairOf('core_db', '00002', 'CREATE TABLE other (id int);', 'DROP TABLE other;'),
  })
  await at.upTo('00002')
  for (const direction of ['up', 'down']) rmSync(at.folder.at(`migrations/core_db/00001_m.${direction}.sql`))
  at.write(Object.fromEntries(Object.entries(pairOf('core_db', '00003', ...NEXT)).map(below)))
  await isTriedOnCopy(at, '00001 is applied without a file here')
})

test('files that are gone are not missed where the others make the state', async () => {
  const at = await production({
    ...pairOf('core_db', '00001', 'CREATE TABLE old (id int);', 'DROP TABLE old;'),
    ...pairOf('core_db', '00002', 'ALTER TABLE old RENAME TO made;', 'ALTER TABLE made RENAME TO old;'),
  })
  await at.upTo('00002')
  rmSync(at.folder.at('migrations/core_db'), { recursive: true })
  const joined = pairOf('core_db', '00002', 'CREATE TABLE made (id int);', 'DROP TABLE made;')
  at.write(Object.fromEntries(Object.entries({ ...joined, ...pairOf('core_db', '00003', ...NEXT) }).map(below)))
  expect((await at.plan()).targets[0]?.ahead).toMatchObject({ rehearsed: true, drift: [] })
})

test('the file of an applied migration fails on an empty database', async () => {
  const at = await production({
    ...pairOf('core_db', '00001', 'ALTER TABLE by_hand ADD COLUMN x int;', 'ALTER TABLE by_hand DROP COLUMN x;'),
    ...pairOf('core_db', '00002', 'CREATE TABLE made (id int);', 'DROP TABLE made;'),
  })
  await at.databases['core_db']?.query('CREATE TABLE by_hand (id int)')
  await at.upTo('00002')
  at.write(Object.fromEntries(Object.entries(pairOf('core_db', '00003', ...NEXT)).map(below)))
  await isTriedOnCopy(at, 'a migration that is applied fails on the scratch server')
})

const below = ([name, text]: readonly [string, string]): readonly [string, string] => [`migrations/${name}`, text]
