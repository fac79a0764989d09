// Our commands and the real programs in turns and at the same moment on one database.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import path from 'node:path'
import { contentOf, testServer, type Database } from '../tools/history-database.js'
import { isInstalled, STEPS, tools } from '../tools/real-tools.js'
import { turnsOf, type Turns } from '../support/turns.js'
import { compileProgram, type Program } from './program.js'

/** Both start at the same moment so often; more in test/long. */
const ROUNDS = Number(process.env['TOGETHER_ROUNDS'] ?? 2)

let program: Program
const server = testServer()
beforeAll(() => {
  program = compileProgram()
}, 120_000)
afterAll(async () => {
  await server.close()
})

const all = STEPS.length
const made = async (database: Database): Promise<readonly unknown[]> =>
  (await database.rows(`SELECT relname FROM pg_class WHERE relname ~ '^t[0-9]$' ORDER BY 1`)).flat()
const EVERY = STEPS.map((_, i) => `t${i + 1}`)

describe.each(tools)('$program', (tool) => {
  const name = (text: string): string => `${text} (needs: ${tool.program})`
  const it = isInstalled(tool.program) ? test : test.skip
  const table = { schema: 'public', name: tool.history.table }

  async function withTurns(work: (turns: Turns, database: Database) => Promise<void>): Promise<void> {
    const database = await server.open()
    try {
      await work(turnsOf(tool, database), database)
    } finally {
      await database.close()
    }
  }

  it(name('either can begin and the other goes on, up and down, and the table is the same'), async () => {
    await withTurns(async (theirs, reference) => {
      theirs.toolUp(all)
      for (let k = 1; k < all; k += 2) {
        await withTurns(async (turns, database) => {
          expect(turns.toolUp(k)).toMatchObject({ code: 0 })
          expect(await turns.up(all)).toMatchObject({ verdict: 'pass', counts: { done: all - k } })
          expect(turns.toolUp(all).text).toMatch(tool.idle)
          expect(await turns.status()).toMatchObject({ verdict: 'pass' })
          expect(await contentOf(database, table)).toEqual(await contentOf(reference, table))
          expect(await turns.down(k)).toMatchObject({ verdict: 'pass', counts: { done: k } })
          expect(turns.toolUp(all)).toMatchObject({ code: 0 })
          expect(turns.toolDown(k)).toMatchObject({ code: 0 })
          expect(await made(database)).toEqual(EVERY.slice(0, all - k))
          expect(await turns.up(all)).toMatchObject({ verdict: 'pass', counts: { done: k } })
        })
      }
    })
  })

  it(name('both at the same moment: what is said is true, and all of it is applied once'), async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await withTurns(async (turns, database) => {
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
        await turns.up(all)
        expect(turns.toolUp(all).text).toMatch(tool.idle)
        expect(await made(database)).toEqual(EVERY)
        expect(await turns.status()).toMatchObject({ verdict: 'pass' })
      })
    }
  })
})
