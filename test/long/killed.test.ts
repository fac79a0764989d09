// `up` killed at a hundred random moments.
import { expect, test } from '@jest/globals'
import { compileProgram } from '../entry/program.js'
import { killUps } from '../support/killed.js'
import { serverForTests } from '../support/live.js'

const RUNS = Number(process.env['KILLED_RUNS'] ?? 100)

const program = compileProgram()
const live = serverForTests()

test(`up killed ${RUNS} times ends at the right schema and history each time`, async () => {
  const { clean, repaired } = await killUps({ program, live, runs: RUNS, random: Math.random })
  console.log(
    `${clean} went on by themselves, ${repaired} asked for a look and were repaired by the command they named`,
  )
  expect(clean + repaired).toBe(RUNS)
})
