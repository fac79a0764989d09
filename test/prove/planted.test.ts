// Every planted case through the real proof, where the broken ones are found and named and the correct ones stay clean.
// Some of them, and the samples, also with a down that is derived from the up; all of them in test/long/derive.test.ts.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import path from 'node:path'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { measureDerived, type Measured } from '../support/derived.js'
import { inLanes } from '../support/lanes.js'
import { openServer } from '../support/server.js'
import { planted } from './planted/cases.js'
import { measurePlanted, ROWS, UNDERIVABLE } from './planted/derived.js'
import { concerns, judgePlanted, type PlantedVerdict } from './planted/judge.js'

type Result = { readonly verdict: PlantedVerdict; readonly derived: Measured | undefined }

let server: ScratchServer
let results: ReadonlyMap<string, Result>
/** What cannot be derived, and every tenth of the rest: each costs a scratch database of its own. */
const derivable = planted.filter(({ name }, at) => at % 10 === 0 && !UNDERIVABLE.includes(name) && name !== ROWS)
const withDerived = new Set([...derivable.map(({ name }) => name), ...UNDERIVABLE, ROWS])
const derivedOf = (name: string): Measured | undefined => results.get(name)?.derived

beforeAll(async () => {
  server = await openServer()
  // Cases for other versions are judged by test/long/planted.test.ts on those.
  const here = planted.filter((each) => concerns(each, server.report.major))
  results = new Map(
    await inLanes(2, here, async (each) => {
      const verdict = await judgePlanted(server, each, 'guided')
      const derived = withDerived.has(each.name) ? await measurePlanted(server, each) : undefined
      return [each.name, { verdict, derived }] as const
    }),
  )
}, 300_000)

afterAll(async () => {
  await server.close()
})

test('nearly all cases are for this server', () => {
  expect(results.size).toBeGreaterThan(planted.length - 20)
})

describe('planted cases', () => {
  test('there are enough of them, each with a name of its own', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length)
    expect(planted.filter((each) => typeof each.expect !== 'string').length).toBeGreaterThan(150)
    expect(planted.filter((each) => each.expect === 'same').length).toBeGreaterThan(30)
  })

  test.each(planted)('$name', ({ name }) => {
    const verdict = results.get(name)?.verdict
    expect(verdict?.said).toEqual(verdict?.expected)
  })
})

describe('downs derived', () => {
  test.each(derivable)('$name: proves', ({ name }) => {
    const one = derivedOf(name)
    if (one === undefined) return
    const { word, proof, derived } = one
    const told = { word, failure: proof.failure?.message, differences: proof.differences }
    if (word === 'column-order') expect(derived?.notes.join(' ')).toContain('comes last in its table')
    else expect(told).toEqual({ word: 'same', failure: undefined, differences: [] })
  })

  test.each(UNDERIVABLE)('%s: does not, and says so', (name) => {
    const one = derivedOf(name)
    if (one === undefined) return
    expect(one.word).not.toBe('same')
    expect(one.derived?.notes).not.toEqual([])
  })

  test('rows stay', () => {
    expect(derivedOf(ROWS)).toMatchObject({ word: 'again differs', derived: { statements: [] } })
  })

  test('every up of the sample databases', async () => {
    const measured = await measureDerived(server, path.resolve(import.meta.dirname, '../../'), 'migrations')
    expect(measured.length).toBeGreaterThan(15)
    expect(measured.filter(({ word }) => word !== 'same').map(({ id, word, proof }) => ({ id, word, proof }))).toEqual(
      [],
    )
  })
})
