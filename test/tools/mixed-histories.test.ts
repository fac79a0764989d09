// The commands and the real tools in turns; for every k and on random chains in test/long/mixed.test.ts.
import { afterAll, describe, test } from '@jest/globals'
import { mixAt, sampleFor } from '../support/mixed.js'
import { testServer } from './history-database.js'
import { isInstalled, tools } from './real-tools.js'

const server = testServer()
afterAll(() => server.close())

describe.each(tools)('$program', (tool) => {
  const it = isInstalled(tool.program) ? test : test.skip
  it(`rates_db: each goes on after the other and rolls back its steps (needs: ${tool.program})`, async () => {
    await mixAt(server, tool, sampleFor(tool, 'rates_db'), 2)
  })
})
