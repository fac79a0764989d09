// The exam: what the program says about each case, held against its measured truth.
import { expect, test } from '@jest/globals'
import { inLanes } from '../../support/lanes.js'
import { serverForTests } from '../../support/live.js'
import { families } from './cases.js'
import { askProgram, missesOf, missTable } from './judge.js'
import { measure } from './truth.js'

const live = serverForTests()

test.each(Object.entries(families))('%s: rules, locks and clients are as measured', async (_, family) => {
  const here = family.filter(({ since = 0 }) => since <= live.cluster.report.major)
  const truths = await inLanes(4, here, (each) => measure(each, live))
  const answers = await askProgram(live.server, here)
  const misses = here.flatMap((each, at) => {
    const truth = truths[at]
    const answer = answers.get(each.name)
    return truth === undefined || answer === undefined ? [] : missesOf(each, truth, answer)
  })
  expect(missTable(misses)).toBe('')
})
