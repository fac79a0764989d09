// The exam: what the program says about each case, held against its measured truth.
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { startLive, type LiveServer } from '../../support/live.js'
import { OWN_SERVER, serverNamed } from '../../support/server.js'
import { families } from './cases.js'
import { examine, missTable } from './judge.js'

/** Families with cases that majors answer differently. */
const DIFFERS = new Set(['constraints', 'hidden', 'partitions'])

describe.each([OWN_SERVER, 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)
  let live: LiveServer | undefined
  beforeAll(async () => {
    if (folder !== undefined || name === OWN_SERVER) live = await startLive(folder)
  })
  afterAll(() => live?.close())

  it.each(Object.entries(families).filter(([family]) => name === OWN_SERVER || DIFFERS.has(family)))(
    `%s: rules, locks and clients are as measured (${needs})`,
    async (_, family) => {
      if (live === undefined) throw new Error('the server is there only while tests run')
      expect(missTable(await examine(live, family))).toBe('')
    },
  )
})
