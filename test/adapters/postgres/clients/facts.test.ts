// What clients notice of a script, what it loses, opens and leaves, and scripts close to it of which nothing is found.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { serverForTests } from '../../../support/live.js'
import { CASES, ROLES } from './cases.js'
import { factsOf } from './run-cases.js'

const live = serverForTests()

let found: Awaited<ReturnType<typeof factsOf>>
beforeAll(async () => {
  found = await factsOf(live, ROLES, CASES)
}, 60_000)

describe.each([...new Set(CASES.map(({ list }) => list))])('%s', (list) => {
  test.each(CASES.flatMap((one, i) => (one.list === list ? [[one.name, one, i] as const] : [])))(
    '%s',
    (_name, { facts, others }, i) => {
      expect(found.lines[i]?.filter((line) => others.test(line))).toEqual(facts)
    },
  )
})

test('nothing else is found', () => {
  expect(found.others).toEqual([])
})

test('roles that may do more', async () => {
  const { others } = await factsOf(live, 'CREATE ROLE one; CREATE ROLE two; CREATE ROLE three', [
    { before: '', script: 'GRANT one TO two; CREATE ROLE four; GRANT one TO four; ALTER ROLE three BYPASSRLS' },
  ])
  expect(others).toEqual(['access: two may do what one may', 'access: three passes row security'])
})
