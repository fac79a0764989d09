// Planted cases through the real proof, where the broken ones are found and named and the correct ones stay clean; some of
// them, and the samples, also with a down that is derived from the up. The long tests take all of them on every server.
// PLANTED=all takes all of them here, and -t one by its name.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import path from 'node:path'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { measureDerived } from '../support/derived.js'
import { openServer } from '../support/server.js'
import { planted, type Planted } from './planted/cases.js'
import { measurePlanted, ROWS, UNDERIVABLE } from './planted/derived.js'
import { concerns, judgePlanted } from './planted/judge.js'

const takesAll = process.env['PLANTED'] === 'all'
/** One of so many cases. One with a server of its own takes three times as long. */
const takes = ({ clusterWide }: Planted, at: number, one: number): boolean =>
  takesAll || at % (clusterWide ? one * 3 : one) === 0
const judged = planted.filter((each, at) => takes(each, at, 6))
const derivable = planted.filter(
  (each, at) => takes(each, at, 20) && !UNDERIVABLE.includes(each.name) && each.name !== ROWS,
)
const underivable = planted.filter((each, at) => UNDERIVABLE.includes(each.name) && takes(each, at, 3))

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
}, 60_000)
afterAll(() => server.close())

describe('planted cases', () => {
  test('there are enough of them, each with a name of its own, nearly all for this server', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length)
    expect(planted.filter((each) => typeof each.expect !== 'string').length).toBeGreaterThan(150)
    expect(planted.filter((each) => each.expect === 'same').length).toBeGreaterThan(30)
    const here = planted.filter((each) => concerns(each, server.report.major))
    expect(here.length).toBeGreaterThan(planted.length - 20)
  })

  test.each(judged)('$name', async (one) => {
    // A case for other versions is judged on those by test/long/planted.test.ts.
    if (!concerns(one, server.report.major)) return
    const { said, expected } = await judgePlanted(server, one, 'guided')
    expect(said).toEqual(expected)
  })
})

describe('downs derived', () => {
  test.each(derivable)('$name: proves', async (one) => {
    if (!concerns(one, server.report.major)) return
    const measured = await measurePlanted(server, one)
    if (measured?.word === 'column-order') {
      expect(measured.derived?.notes.join(' ')).toContain('comes last in its table')
      return
    }
    expect(measured).toMatchObject({ word: 'same', proof: { differences: [] } })
    expect(measured?.proof.failure).toBeUndefined()
  })

  test.each(underivable)('$name: does not, and says so', async (one) => {
    if (!concerns(one, server.report.major)) return
    const measured = await measurePlanted(server, one)
    expect(measured?.word).not.toBe('same')
    expect(measured?.derived?.notes).not.toEqual([])
  })

  test.each(planted.filter(({ name }) => name === ROWS))('$name: rows stay', async (one) => {
    expect(await measurePlanted(server, one)).toMatchObject({ word: 'again differs', derived: { statements: [] } })
  })

  test('every up of the sample databases', async () => {
    const measured = await measureDerived(server, path.resolve(import.meta.dirname, '../../'), 'migrations')
    expect(measured.length).toBeGreaterThan(15)
    expect(measured.filter(({ word }) => word !== 'same').map(({ id, word, proof }) => ({ id, word, proof }))).toEqual(
      [],
    )
  })
})
