// Rows, values and positions that are gone after a script, and scripts close to it that lose nothing.
import { beforeAll, expect, test } from '@jest/globals'
import { serverForTests } from '../../../support/live.js'
import { LOST } from './lost-cases.js'
import { factsOf } from './support.js'

const live = serverForTests()

let found: Awaited<ReturnType<typeof factsOf>>
beforeAll(async () => {
  found = await factsOf(live, 'SELECT 1', LOST)
}, 60_000)

test.each(LOST.map(({ name, facts }, i) => [name, i, facts] as const))('%s', (_name, i, facts) => {
  expect(
    found.lines[i]?.filter((line) => line.startsWith('lost') || !/^(?:broken|answers|unindexed) /.test(line)),
  ).toEqual(facts)
})
