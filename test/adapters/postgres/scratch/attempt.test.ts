// Scripts tried in one transaction: what stays, what goes back, and which are not tried so.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { RunResult, ScratchEnvironment, Scratch, ScratchServer } from '../../../../src/ports/scratch.js'
import { script } from '../../../support/migrations.js'
import { openServer } from '../../../support/server.js'

let server: ScratchServer
let bench: ScratchEnvironment
let scratch: Scratch
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  bench = await server.openEnvironment({ clusterWide: false, session: 'reset', setup: [], snapshots: 'guided' })
  scratch = await bench.open()
  await run("CREATE TYPE mood AS ENUM ('good'); CREATE TABLE t (id serial, mood mood)")
})
afterEach(() => bench.close())

const run = (text: string): Promise<RunResult> => scratch.run(script('x.sql', text, 'message'), 'up')

/** Whether what is known without reading is what a fresh reading tells. */
const isKnown = async (): Promise<boolean> => {
  const known = [...scratch.known()].toSorted()
  return JSON.stringify(known) === JSON.stringify([...(await scratch.snapshot())].toSorted())
}

describe('an attempt', () => {
  test('leaves nothing, knows what it saw, and goes on from what was there', async () => {
    const before = await scratch.snapshot()
    const seen = await scratch.attempt([], async () => {
      await run('SET search_path = pg_catalog; ALTER TABLE public.t ADD COLUMN more int')
      await run('CREATE TABLE other (id int); UPDATE t SET more = 1')
      return { keep: false, result: [...scratch.known().keys()].filter((unit) => unit.includes('other')).length }
    })
    expect(seen).toEqual({ keep: false, result: 1 })
    expect(scratch.known()).toEqual(before)
    expect(await isKnown()).toBe(true)
    await run('CREATE TABLE here (id int)')
    expect([...(await scratch.snapshot()).keys()]).toContain('relation public.here')
  })

  test('keeps what the attempt asks to keep', async () => {
    const attempted = await scratch.attempt([], async () => {
      await run('ALTER TABLE t RENAME TO renamed')
      return { keep: true, result: undefined }
    })
    expect(attempted).toMatchObject({ keep: true })
    expect([...scratch.known().keys()]).toContain('relation public.renamed')
    expect(await isKnown()).toBe(true)
  })

  test('a script that fails there changes nothing, and is located', async () => {
    const attempted = await scratch.attempt([], async () => {
      await run('CREATE TABLE first (id int)')
      const failed = await run('CREATE TABLE second (id int);\nALTER TABLE nothing ADD COLUMN x int')
      await run('CREATE TABLE third (id int)')
      return { keep: true, result: failed }
    })
    expect(attempted).toMatchObject({
      result: { ok: false, state: 'kept', failure: { sqlstate: '42P01', place: { line: 2 } } },
    })
    const units = [...scratch.known().keys()]
    expect(units).toEqual(expect.arrayContaining(['relation public.first', 'relation public.third']))
    expect(units).not.toContain('relation public.second')
    expect(await isKnown()).toBe(true)
  })

  test('the numbers of sequences are as before', async () => {
    await run(
      "CREATE SEQUENCE unused START 7; CREATE SEQUENCE \"O'dd\"; SELECT nextval('t_id_seq'), setval('\"O''dd\"', 3, false)",
    )
    const numbers = (): Promise<unknown> =>
      scratch.read(`SELECT last_value, is_called FROM t_id_seq UNION ALL SELECT last_value, is_called FROM unused
        UNION ALL SELECT last_value, is_called FROM "O'dd"`)
    const before = await numbers()
    const draws = script('x.sql', `SELECT nextval('t_id_seq'), nextval('unused'), nextval('"O''dd"')`, 'message')
    const attempted = await scratch.attempt([draws], async () => {
      await run('ALTER SEQUENCE t_id_seq RESTART WITH 100; DROP SEQUENCE unused; CREATE SEQUENCE unused')
      await scratch.run(draws, 'up')
      return { keep: false, result: await numbers() }
    })
    expect(attempted).toEqual({
      keep: false,
      result: [
        ['100', 't'],
        ['1', 't'],
        ['3', 't'],
      ],
    })
    expect(await numbers()).toEqual(before)
    expect(before).toEqual([
      ['1', 't'],
      ['7', 'f'],
      ['3', 'f'],
    ])
  })

  test.each([
    ['CREATE INDEX CONCURRENTLY i ON t (id)', true],
    ['DROP INDEX CONCURRENTLY here', true],
    ['CREATE INDEX CONCURRENTLY i ON parts (id)', false],
    ['DROP INDEX CONCURRENTLY parts_id', false],
    ['DROP INDEX CONCURRENTLY here CASCADE', false],
  ])('%s is tried with locks, and never kept: %s', async (text, tried) => {
    await run(
      'CREATE INDEX here ON t (id); CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE INDEX parts_id ON parts (id)',
    )
    const alone = script('x.sql', text, 'none')
    for (const keep of [false, true]) {
      const attempted = await scratch.attempt([alone], async () => {
        const { ok } = await scratch.run(alone, 'up')
        return { keep, result: [ok, await isKnown()] }
      })
      expect(attempted).toEqual(tried && !keep ? { keep, result: [true, true] } : 'unfit')
      expect(await isKnown()).toBe(true)
    }
  })

  test.each([
    ["INSERT INTO t (mood) VALUES ('good')"],
    ['CREATE TEMPORARY TABLE tmp (id int)'],
    ["ALTER TYPE mood ADD VALUE 'bad'; ALTER TABLE t ALTER COLUMN mood SET DEFAULT 'bad'"],
    ["UPDATE t SET id = nextval('t_id_seq')"],
  ])('%s, which it did not expect: unfit', async (text) => {
    const before = await scratch.snapshot()
    expect(
      await scratch.attempt([], async () => {
        await run('CREATE TABLE first (id int)')
        await run(text)
        return { keep: true, result: undefined }
      }),
    ).toBe('unfit')
    expect(scratch.known()).toEqual(before)
    expect(await isKnown()).toBe(true)
  })
})
