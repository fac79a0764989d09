// The exam: what the program says about each case, held against its measured truth.
import { expect, test } from '@jest/globals'
import { inLanes } from '../../support/lanes.js'
import { serverForTests } from '../../support/live.js'
import { cases } from './cases.js'
import { askProgram, missesOf, missTable } from './judge.js'
import { measure } from './truth.js'

const live = serverForTests()

/** So many databases are in one repository. */
const AT_ONCE = 20

test('hazards are found for the right reason, harmless ones are quiet, locks and clients are as measured', async () => {
  const here = cases.filter(({ since = 0 }) => since <= live.cluster.report.major)
  const truths = await inLanes(4, here, (each) => measure(each, live))
  const misses = []
  for (let from = 0; from < here.length; from += AT_ONCE) {
    const some = here.slice(from, from + AT_ONCE)
    const answers = await askProgram(live.server, some)
    for (const [at, each] of some.entries()) {
      const truth = truths[from + at]
      const answer = answers.get(each.name)
      if (truth !== undefined && answer !== undefined) misses.push(...missesOf(each, truth, answer))
    }
  }
  expect(missTable(misses)).toBe('')
})
