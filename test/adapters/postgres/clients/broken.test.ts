// What clients can no longer do after a script, and scripts close to it that they do not notice.
import { beforeAll, expect, test } from '@jest/globals'
import { serverForTests } from '../../../support/live.js'
import { BROKEN } from './broken-cases.js'
import { factsOf } from './support.js'

const live = serverForTests()

let found: Awaited<ReturnType<typeof factsOf>>
beforeAll(async () => {
  found = await factsOf(live, `CREATE ROLE app; CREATE ROLE readers; GRANT readers TO app`, BROKEN)
}, 60_000)

test.each(BROKEN.map(({ name, facts }, i) => [name, i, facts] as const))('%s', (_name, i, facts) => {
  expect(found.lines[i]).toEqual(facts)
})

test('nothing else is found', () => {
  expect(found.others).toEqual([])
})
