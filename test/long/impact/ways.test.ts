// The online way of each shape, on a real server: equal, nobody waits, and each migration has its way back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { tryWay } from '../../support/online-ways.js'
import { openServer } from '../../support/server.js'
import { WAYS } from './way-cases.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

describe('the way of each shape', () => {
  test.each(Object.keys(WAYS))('%s', async (shape) => {
    const { author, way, equal, waits, back } = await tryWay(server, WAYS[shape] ?? { base: '', up: '' })
    if (process.env['SHOW_WAYS'] !== undefined) console.log(shape, JSON.stringify(author), JSON.stringify(way, null, 1))
    expect(author).not.toEqual([])
    expect({ known: way !== undefined, equal, waits, back }).toEqual({
      known: true,
      equal: 'same',
      waits: [],
      back: [],
    })
  })
})
