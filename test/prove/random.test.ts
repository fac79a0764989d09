// Random chains: what the guided snapshot says of each step is what whole snapshots say.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { makeChain } from '../support/chains.js'
import { firstDifference, firstMissed } from '../support/oracle.js'
import { openServer } from '../support/server.js'

// The others are in test/long/random.test.ts.
const SEEDS = [1, 2, 3, 4]

describe('random chains', () => {
  let server: ScratchServer
  beforeAll(async () => {
    server = await openServer()
  })
  afterAll(async () => {
    await server.close()
  })

  test.each(SEEDS)('chain %i: guided and full proof say the same', async (seed) => {
    const chain = makeChain({ seed, length: 20, broken: seed % 2 === 0 ? 0.1 : 0, irreversible: 0.02 })
    expect(await firstDifference(server, chain)).toBeUndefined()
  })

  test.each([101])('chain %i: each change is seen at once', async (seed) => {
    const chain = makeChain({ seed, length: 40 })
    expect(await firstMissed(server, chain)).toBeUndefined()
  })
})
