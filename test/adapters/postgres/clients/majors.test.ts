// The oldest and the newest major version: a part of the cases. test/long has all of them on all versions.
import { describe, expect } from '@jest/globals'
import { startLive } from '../../../support/live.js'
import { serverNamed } from '../../../support/server.js'
import { CASES, ROLES } from './cases.js'
import { factsOf } from './run-cases.js'

const SOME = CASES.filter((_, i) => i % 8 === 0)

describe.each(['postgres-14', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)
  it(`finds the same (${needs})`, async () => {
    const live = await startLive(folder)
    try {
      const { lines } = await factsOf(live, ROLES, SOME)
      const found = SOME.map((one, i) => ({ name: one.name, facts: lines[i]?.filter((line) => one.others.test(line)) }))
      expect(found).toEqual(SOME.map(({ name: title, facts }) => ({ name: title, facts })))
    } finally {
      await live.close()
    }
  }, 60_000)
})
