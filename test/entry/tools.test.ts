// Our commands and the real programs in turns on one database; at the same moment in test/long/together.test.ts.
import { afterAll, describe, expect, test } from '@jest/globals'
import { contentOf, testServer } from '../tools/history-database.js'
import { isInstalled, STEPS, tools } from '../tools/real-tools.js'
import { ALL_TABLES, inTurns, tablesMade, type Work } from '../support/turns.js'

const server = testServer()
afterAll(async () => {
  await server.close()
})

const all = STEPS.length

describe.each(tools)('$program', (tool) => {
  const name = (text: string): string => `${text} (needs: ${tool.program})`
  const it = isInstalled(tool.program) ? test : test.skip
  const table = { schema: 'public', name: tool.history.table }

  const withTurns = (work: Work): Promise<void> => inTurns(server, tool, work)

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
          expect(await tablesMade(database)).toEqual(ALL_TABLES.slice(0, all - k))
          expect(await turns.up(all)).toMatchObject({ verdict: 'pass', counts: { done: k } })
        })
      }
    })
  })
})
