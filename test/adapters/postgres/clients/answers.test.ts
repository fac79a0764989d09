// What clients are answered otherwise after a script, what is open to them now, and what is left unfinished.
import { beforeAll, expect, test } from '@jest/globals'
import { serverForTests } from '../../../support/live.js'
import { ANSWERS } from './answers-cases.js'
import { factsOf } from './support.js'

const live = serverForTests()

let found: Awaited<ReturnType<typeof factsOf>>
beforeAll(async () => {
  found = await factsOf(live, 'CREATE ROLE app; CREATE ROLE readers; CREATE ROLE admin', ANSWERS)
}, 60_000)

test.each(ANSWERS.map(({ name, facts }, i) => [name, i, facts] as const))('%s', (_name, i, facts) => {
  expect(found.lines[i]).toEqual(facts)
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
