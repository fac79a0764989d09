// Many random chains, guided against whole snapshots. CHAIN_SEED=<number> tries new ones, CHAIN_COUNT=<number> more or fewer.
import { describe, expect, test } from '@jest/globals'
import { makeChain } from '../support/chains.js'
import { inLanes } from '../support/lanes.js'
import { firstDifference, firstMissed } from '../support/oracle.js'
import { openServer, serverNamed } from '../support/server.js'

const FIRST = Number(process.env['CHAIN_SEED'] ?? 1000)
const COUNT = Number(process.env['CHAIN_COUNT'] ?? 500)
const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at)

test(`chains from seed 1 and ${COUNT} from seed ${FIRST} on: guided and full proof say the same`, async () => {
  const server = await openServer()
  try {
    const results = await inLanes(2, [...seedsFrom(1, 20), ...seedsFrom(FIRST, COUNT)], async (seed) => {
      const chain = makeChain({ seed, length: 20, broken: seed % 2 === 0 ? 0.1 : 0, irreversible: 0.02 })
      return { seed, difference: await firstDifference(server, chain) }
    })
    expect(results.filter(({ difference }) => difference !== undefined)).toEqual([])
  } finally {
    await server.close()
  }
})

test('each change is seen at once', async () => {
  const server = await openServer()
  try {
    const results = await inLanes(2, [101, 102, 103], async (seed) => ({
      seed,
      missed: await firstMissed(server, makeChain({ seed, length: 40 })),
    }))
    expect(results.filter(({ missed }) => missed !== undefined)).toEqual([])
  } finally {
    await server.close()
  }
})

describe.each(['postgres-14', 'postgres-15-oldest', 'postgres-16', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)

  it(`each change is seen at once (${needs})`, async () => {
    const server = await openServer(folder)
    try {
      const results = await inLanes(2, seedsFrom(FIRST, 15), async (seed) => ({
        seed,
        missed: await firstMissed(server, makeChain({ seed, length: 60 })),
      }))
      expect(results.filter(({ missed }) => missed !== undefined)).toEqual([])
    } finally {
      await server.close()
    }
  })
})
