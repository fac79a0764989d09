// The online way of each shape, on real servers: equal, no client waits, and each migration has its way back, in each layout.
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { LAYOUTS } from '../../support/online-layouts.js'
import { tryWay } from '../../support/online-ways.js'
import { openServer, OWN_SERVER, serverNamed } from '../../support/server.js'
import { WAYS, WITHOUT_WAY } from './way-cases.js'

/** All layouts on one server: what they write is the same on each. Of the others, each has half of the shapes. */
const SERVERS = [OWN_SERVER, 'postgres-14', 'postgres-18']

describe.each(SERVERS)('%s', (name) => {
  const { folder, it } = serverNamed(name)
  let server: ScratchServer
  beforeAll(async () => {
    server = await openServer(folder)
  })
  afterAll(() => server.close())

  const half = SERVERS.indexOf(name)
  const shapes = Object.entries(WAYS).filter(
    ([, { notOn }], at) => notOn !== name && (name === OWN_SERVER || at % 2 === half % 2),
  )
  it.each(shapes)('%s', async (_shape, example) => {
    const layouts = name === OWN_SERVER ? Object.keys(LAYOUTS) : []
    const { author, way, ...found } = await tryWay(server, example, layouts)
    expect(author).not.toEqual([])
    expect({ known: way !== undefined, ...found }).toEqual({
      known: true,
      equal: 'same',
      rows: example.values === 'made' ? 'other' : 'same',
      waits: [],
      back: [],
      layouts: [],
    })
  })

  it.each(Object.entries(WITHOUT_WAY))('no way: %s', async (_shape, example) => {
    const { author, way } = await tryWay(server, example)
    expect(author).not.toEqual([])
    expect(way).toBeUndefined()
  })
})
