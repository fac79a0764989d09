// Chains of real projects that are rarer than those of test/prove/awkward.test.ts.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { expectSharedSession, MAKE_NOW, NOT_NOW, remakeNow, replaceNow } from '../support/awkward.js'
import { openServer } from '../support/server.js'

let server: ScratchServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(async () => {
  await server.close()
})

test('full snapshots: what a shared session holds is there behind a wrong down and an ended connection', async () => {
  await expectSharedSession(server, 'full')
})

test.each(MAKE_NOW)(
  'a down that makes a constant of "now" as it was made before has restored it: $what',
  async ({ made }) => {
    expect(await remakeNow(server, made)).toBe('ok same same')
  },
)

test.each(NOT_NOW)('a constant of "now" hides nothing else: $what', async ({ again }) => {
  expect(await replaceNow(server, again)).toMatch(/^ok differs/)
})
