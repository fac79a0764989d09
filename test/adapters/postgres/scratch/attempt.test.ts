// Scripts tried in one transaction: what stays, what goes back, and which are not tried so.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ScratchEnvironment, Scratch, ScratchServer } from '../../../../src/ports/scratch.js'
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

const run = (text: string): Promise<unknown> => scratch.run(script('x.sql', text, 'message'), 'up')

/** Whether what is known without reading is what a fresh reading tells. */
const isKnown = async (): Promise<boolean> => {
  const known = [...scratch.known()].toSorted()
  return JSON.stringify(known) === JSON.stringify([...(await scratch.snapshot())].toSorted())
}

describe('an attempt', () => {
  test('leaves nothing, knows what it saw, and goes on from what was there', async () => {
    const before = await scratch.snapshot()
    const seen = await scratch.attempt(async () => {
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
    const attempted = await scratch.attempt(async () => {
      await run('ALTER TABLE t RENAME TO renamed')
      return { keep: true, result: undefined }
    })
    expect(attempted).toMatchObject({ keep: true })
    expect([...scratch.known().keys()]).toContain('relation public.renamed')
    expect(await isKnown()).toBe(true)
  })

  test.each([
    ['ALTER TABLE nothing ADD COLUMN x int', 'failed'],
    ["INSERT INTO t (mood) VALUES ('good')", 'unfit'],
    ['CREATE INDEX CONCURRENTLY i ON t (id)', 'unfit'],
    ['CREATE TEMPORARY TABLE tmp (id int)', 'unfit'],
    ["ALTER TYPE mood ADD VALUE 'bad'; ALTER TABLE t ALTER COLUMN mood SET DEFAULT 'bad'", 'unfit'],
    ["UPDATE t SET id = nextval('t_id_seq')", 'unfit'],
  ])('%s: %s', async (text, word) => {
    const before = await scratch.snapshot()
    expect(
      await scratch.attempt(async () => {
        await run('CREATE TABLE first (id int)')
        await run(text)
        return { keep: true, result: undefined }
      }),
    ).toBe(word)
    expect(scratch.known()).toEqual(before)
    expect(await isKnown()).toBe(true)
  })
})
