// `up` killed at a hundred random moments.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { compileProgram, type Program } from '../entry/program.js'
import { killUps } from '../support/killed.js'
import { startLive, type LiveServer } from '../support/live.js'

const RUNS = Number(process.env['KILLED_RUNS'] ?? 100)

let program: Program
let live: LiveServer
beforeAll(async () => {
  program = compileProgram()
  live = await startLive()
}, 120_000)
afterAll(async () => {
  await live.close()
})

test(`up killed ${RUNS} times ends at the right schema and history each time`, async () => {
  const { clean, repaired } = await killUps({ program, live, runs: RUNS, random: Math.random })
  console.log(
    `${clean} went on by themselves, ${repaired} asked for a look and were repaired by the command they named`,
  )
  expect(clean + repaired).toBe(RUNS)
})
