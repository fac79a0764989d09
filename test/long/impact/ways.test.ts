// The online way of each shape, on a real server: equal, no client waits, and each migration has its way back, in each layout.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { LAYOUTS } from '../../support/online-layouts.js'
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
    const { author, way, equal, waits, back, layouts } = await tryWay(
      server,
      WAYS[shape] ?? { base: '', up: '' },
      Object.keys(LAYOUTS),
    )
    if (process.env['SHOW_WAYS'] !== undefined) console.log(shape, JSON.stringify(author), JSON.stringify(way, null, 1))
    expect(author).not.toEqual([])
    expect({ known: way !== undefined, equal, waits, back, layouts }).toEqual({
      known: true,
      equal: 'same',
      waits: [],
      back: [],
      layouts: [],
    })
  })
})
