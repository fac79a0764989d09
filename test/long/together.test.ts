// Our commands and the real programs at the same moment on one database, often. TOGETHER_ROUNDS makes it fewer or more.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import path from 'node:path'
import { compileProgram, type Program } from '../entry/program.js'
import { ALL_TABLES, inTurns, tablesMade } from '../support/turns.js'
import { testServer } from '../tools/history-database.js'
import { isInstalled, STEPS, tools } from '../tools/real-tools.js'

const ROUNDS = Number(process.env['TOGETHER_ROUNDS'] ?? 50)

let program: Program
const server = testServer()
beforeAll(() => {
  program = compileProgram()
}, 120_000)
afterAll(async () => {
  await server.close()
})

describe.each(tools)('$program', (tool) => {
  const name = (text: string): string => `${text} (needs: ${tool.program})`
  const it = isInstalled(tool.program) ? test : test.skip

  it(name('both at the same moment: what is said is true, and all of it is applied once'), async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await inTurns(server, tool, async (turns, database) => {
        turns.toolUp(1)
        // The files of all steps, for both.
        await turns.status()
        const words = ['up', path.basename(database.folder), '--allow-late', '--format', 'json']
        const { cwd, variables } = turns
        const ours = program.run({ entry: 'cli', words, cwd, environment: variables })
        // Late enough for both to be at work: the tool starts faster than we do.
        await new Promise((resolve) => setTimeout(resolve, 250 + 40 * round))
        const theirs = tool.up(database.folder, database)
        const { out } = await ours
        const report = JSON.parse(out) as {
          readonly targets: readonly { readonly steps: readonly { id: string; outcome: string }[] }[]
        }
        const steps = report.targets.flatMap((target) => target.steps)
        const done = steps.filter(({ outcome }) => outcome === 'applied')
        const journal = await database
          .rows(`SELECT id FROM migration_gate.journal WHERE outcome = 'applied' ORDER BY n`)
          .catch(() => [])
        expect(done.map(({ id }) => id)).toEqual(journal.flat())
        // If one failed because of the other, it goes on now.
        if (theirs.code !== 0) expect(theirs.text).toMatch(/already exists|duplicate|lock|deadlock/i)
        await turns.up(STEPS.length)
        expect(turns.toolUp(STEPS.length).text).toMatch(tool.idle)
        expect(await tablesMade(database)).toEqual(ALL_TABLES)
        expect(await turns.status()).toMatchObject({ verdict: 'pass' })
      })
    }
  })
})
