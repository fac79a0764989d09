// Every planted case through the real proof: the broken ones are found and named, the correct ones stay clean.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { inLanes } from '../support/lanes.js'
import { openServer } from '../support/server.js'
import { planted } from './planted/cases.js'
import { concerns, judgePlanted, type PlantedVerdict } from './planted/judge.js'

describe('planted cases', () => {
  let server: ScratchServer
  let verdicts: ReadonlyMap<string, PlantedVerdict>
  const verdictOf = (name: string): PlantedVerdict | undefined => verdicts.get(name)

  beforeAll(async () => {
    server = await openServer()
    // Cases for other versions are judged by test/long/planted.test.ts on those.
    const here = planted.filter((each) => concerns(each, server.report.major))
    verdicts = new Map(
      await inLanes(2, here, async (each) => [each.name, await judgePlanted(server, each, 'guided')] as const),
    )
  }, 240_000)

  afterAll(async () => {
    await server.close()
  })

  test('there are enough of them, each with a name of its own', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length)
    expect(planted.filter((each) => typeof each.expect !== 'string').length).toBeGreaterThan(150)
    expect(planted.filter((each) => each.expect === 'same').length).toBeGreaterThan(30)
  })

  test.each(planted)('$name', ({ name }) => {
    const verdict = verdictOf(name)
    expect(verdict?.said).toEqual(verdict?.expected)
  })

  test('most of them are for this server', () => {
    expect(verdicts.size).toBeGreaterThan(planted.length - 20)
  })
})
