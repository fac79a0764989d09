// The online way of some shapes, on a real server. test/long/impact has all of them, and more servers.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { batched } from '../../../src/impact/online/batches.js'
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { plainScript } from '../../../src/tools/script.js'
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

test.each([
  ['a table', 'CREATE TABLE wide (id integer, filler text, n integer)'],
  [
    'a partition',
    'CREATE TABLE wide (id integer, filler text, n integer) PARTITION BY LIST (id); CREATE TABLE all_of_it PARTITION OF wide DEFAULT',
  ],
  [
    'an heir',
    'CREATE TABLE wide (id integer, filler text, n integer); CREATE TABLE heir () INHERITS (wide); CREATE RULE there AS ON INSERT TO wide DO INSTEAD INSERT INTO heir VALUES (NEW.id, NEW.filler, NEW.n)',
  ],
])('%s of many pages is changed in several transactions', async (_what, table) => {
  const environment = await server.openEnvironment({
    clusterWide: false,
    session: 'reset',
    setup: [],
    snapshots: 'guided',
  })
  const scratch = await environment.open()
  const run = async (text: string, transaction: 'wrapped' | 'none'): Promise<void> => {
    const ran = await scratch.run(plainScript({ file: 'a.sql', text, transaction }), 'up')
    if (!ran.ok) throw new Error(ran.failure.message)
  }
  await run(`${table}; INSERT INTO wide SELECT n, repeat('x', 2000) FROM generate_series(1, 2500) n;`, 'wrapped')
  await run(batched({ table: 'public.wide', statement: 'UPDATE public.wide SET n = 1', where: 'n IS NULL' }), 'none')
  const read = await scratch.read('SELECT count(DISTINCT xmin::text), count(*) FILTER (WHERE n = 1) FROM wide')
  await environment.close()
  expect(read).toEqual([['13', '2500']])
})

test('no way where old values change with the rewrite', async () => {
  const { author, way } = await tryWay(
    server,
    shape('the same type, other values, and a volatile default', WITHOUT_WAY),
  )
  expect(author).toEqual(['table-rewrite orders'])
  expect(way).toBeUndefined()
})
