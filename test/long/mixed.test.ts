// For every k: the tool applies 1..k and we the rest, and the other way round, up and down; on the four databases and on chains.
// MIX_SEED makes other chains.
import { afterAll, describe, test } from '@jest/globals'
import { testServer } from '../tools/history-database.js'
import { isInstalled, tools } from '../tools/real-tools.js'
import { chainFor, mixAt, sampleFor } from '../support/mixed.js'

const SEED = Number(process.env['MIX_SEED'] ?? 1)
const LENGTH = 8

const server = testServer()
afterAll(() => server.close())

describe.each(tools)('$program', (tool) => {
  const it = isInstalled(tool.program) ? test : test.skip
  const chains = [
    ...['core_db', 'kyc_db', 'rates_db', 'audit_db'].map((name) => ({ name, steps: sampleFor(tool, name) })),
    ...[0, 1].map((at) => ({ name: `chain ${SEED + at}`, steps: chainFor(tool, SEED + at, LENGTH) })),
  ]
  for (const { name, steps } of chains) {
    it(`${name}, for every k (needs: ${tool.program})`, async () => {
      for (let k = 0; k <= steps.length; k++) await mixAt(server, tool, steps, k)
    })
  }
})
