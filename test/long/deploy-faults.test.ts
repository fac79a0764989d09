// Deploys that something happens to, twenty times each.
import { expect, test } from '@jest/globals'
import { compileProgram } from '../entry/program.js'
import { crashingForTests } from '../support/crashing.js'
import { crashDeploys, cutDeploys, killDeploys } from '../support/deploy-faults.js'
import { canMount, fillDisks, holdLocks, loseCommits, spoilArchives } from '../support/deploy-troubles.js'
import { serverForTests } from '../support/live.js'

const RUNS = Number(process.env['FAULT_RUNS'] ?? 20)

const program = compileProgram()
const live = serverForTests()
const crashing = crashingForTests()

const faults = () => ({ live, runs: RUNS, random: Math.random })

test.each([
  ['our process is killed', () => killDeploys({ ...faults(), program })],
  ['all connections are cut', () => cutDeploys(faults())],
])(`${RUNS} times: %s`, async (what, body) => {
  const { again, newPlan } = await body()
  console.log(`${what}: ${again} went on with the same command, ${newPlan} with a new plan`)
  expect(again + newPlan).toBe(RUNS)
})

test(`${RUNS} times: the server crashes`, async () => {
  const server = crashing()
  if (server === undefined) {
    console.log('skipped: there is no PostgreSQL on this machine that could be started again')
    return
  }
  const { again, newPlan } = await crashDeploys({ ...faults(), crashing: server })
  console.log(`the server crashes: ${again} went on with the same command, ${newPlan} with a new plan`)
  expect(again + newPlan).toBe(RUNS)
})

test.each([
  ['an application holds a lock', holdLocks],
  ['an archive is not what was written', spoilArchives],
  ['the answer to a COMMIT is lost', loseCommits],
])(`${RUNS} times: %s`, async (what, body) => {
  const ends = await body(faults())
  console.log(`${what}: ${JSON.stringify(ends)}`)
  expect(Object.values(ends).reduce((a, b) => a + b, 0)).toBe(RUNS)
})

const withDisks = canMount ? test : test.skip
withDisks(`${RUNS} times: the disk for backups is full`, async () => {
  const ends = await fillDisks(faults())
  console.log(`the disk for backups: ${JSON.stringify(ends)}`)
  expect(Object.values(ends).reduce((a, b) => a + b, 0)).toBe(RUNS)
})
