// Downs derived for the ups of all planted cases: the kinds of object that a catalogue holds, one by one.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Server } from '../../src/ports.js'
import { measureChain, type Measured } from '../support/derived.js'
import { inLanes } from '../support/lanes.js'
import { script } from '../support/migrations.js'
import { openServer } from '../support/server.js'
import { planted, type Planted } from './planted/cases.js'
import { concerns } from './planted/judge.js'

async function measure(server: Server, { before, up, transaction }: Planted): Promise<Measured | undefined> {
  const ups = [
    ...(before === undefined ? [] : [{ id: 'before', up: script('before.up.sql', before) }]),
    { id: 'planted', up: script('planted.up.sql', up, transaction) },
  ]
  return (await measureChain(server, 'test_db', ups)).at(-1)
}

describe('downs derived for planted cases', () => {
  let server: Server
  let all: ReadonlyMap<string, Measured | undefined>
  beforeAll(async () => {
    server = await openServer()
    const here = planted.filter((each) => concerns(each, server.report.major))
    all = new Map(await inLanes(2, here, async (each) => [each.name, await measure(server, each)] as const))
  }, 300_000)
  afterAll(() => server.close())

  test('print', () => {
    for (const [name, one] of all) {
      if (one?.word === 'same' || one?.word === 'column-order') continue
      process.stdout.write(
        [
          `== ${name}: ${one?.word ?? ''} ${one?.proof.failure?.message ?? ''}`,
          ...(one?.proof.differences ?? []).map(
            (d) => `   ${d.change} ${d.kind} ${d.identity}: ${d.before ?? ''} => ${d.after ?? ''}`,
          ),
          ...(one?.derived?.statements ?? []).map((s) => `   > ${s}`),
          ...(one?.derived?.notes ?? []).map((s) => `   # ${s}`),
          '',
        ].join('\n'),
      )
    }
    const words = [...all.values()].map((one) => one?.word)
    process.stdout.write(
      `${JSON.stringify([...new Set(words)].map((w) => [w, words.filter((x) => x === w).length]))}\n`,
    )
    expect(1).toBe(1)
  })
})
