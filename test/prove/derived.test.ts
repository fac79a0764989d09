// Downs derived for the ups of all planted cases, the kinds of object that a catalogue holds one by one, and of the samples.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import path from 'node:path'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { measureDerived, type Measured } from '../support/derived.js'
import { inLanes } from '../support/lanes.js'
import { openServer } from '../support/server.js'
import { planted } from './planted/cases.js'
import { measurePlanted, ROWS, UNDERIVABLE } from './planted/derived.js'
import { concerns } from './planted/judge.js'

describe('downs derived', () => {
  let server: ScratchServer
  let all: ReadonlyMap<string, Measured | undefined>
  beforeAll(async () => {
    server = await openServer()
    const here = planted.filter((each) => concerns(each, server.report.major))
    all = new Map(await inLanes(2, here, async (each) => [each.name, await measurePlanted(server, each)] as const))
  }, 300_000)
  afterAll(() => server.close())

  test.each(planted.filter(({ name }) => !UNDERIVABLE.includes(name) && name !== ROWS))('$name: proves', ({ name }) => {
    const one = all.get(name)
    if (one === undefined) return
    const { word, proof, derived } = one
    const told = { word, failure: proof.failure?.message, differences: proof.differences }
    if (word === 'column-order') expect(derived?.notes.join(' ')).toContain('comes last in its table')
    else expect(told).toEqual({ word: 'same', failure: undefined, differences: [] })
  })

  test.each(UNDERIVABLE)('%s: does not, and says so', (name) => {
    const one = all.get(name)
    if (one === undefined) return
    expect(one.word).not.toBe('same')
    expect(one.derived?.notes).not.toEqual([])
  })

  test('rows stay', () => {
    expect(all.get(ROWS)).toMatchObject({ word: 'again differs', derived: { statements: [] } })
  })

  test('nearly all cases are for this server', () => {
    expect(all.size).toBeGreaterThan(planted.length - 20)
  })

  test('every up of the sample databases', async () => {
    const measured = await measureDerived(server, path.resolve(import.meta.dirname, '../../'), 'migrations')
    expect(measured.length).toBeGreaterThan(15)
    expect(measured.filter(({ word }) => word !== 'same').map(({ id, word, proof }) => ({ id, word, proof }))).toEqual(
      [],
    )
  })
})
