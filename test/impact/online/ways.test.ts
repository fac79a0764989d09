// The online way of some shapes, on a real server. test/long/impact has all of them, and more servers.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { WAYS, WITHOUT_WAY } from '../../long/impact/way-cases.js'
import { tryWay, type WayCase } from '../../support/online-ways.js'
import { openServer } from '../../support/server.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const shape = (name: string, from = WAYS): WayCase => from[name] ?? { base: '', up: '' }

test.each([
  ['serial primary key', 'goose'],
  ['attach beside a default partition', 'dbmate'],
])('%s: equal, online, with a way back, in files of %s', async (name, layout) => {
  const { author, way, ...found } = await tryWay(server, shape(name), [layout])
  expect(author).not.toEqual([])
  expect(way).toBeDefined()
  expect(found).toEqual({ equal: 'same', rows: 'same', waits: [], back: [], layouts: [] })
})

test('no way where old values change with the rewrite', async () => {
  const { author, way } = await tryWay(
    server,
    shape('the same type, other values, and a volatile default', WITHOUT_WAY),
  )
  expect(author).toEqual(['table-rewrite orders'])
  expect(way).toBeUndefined()
})
