// What clients notice of a script is the same on all major versions.
import { describe, expect } from '@jest/globals'
import { startLive } from '../support/live.js'
import { serverNamed } from '../support/server.js'
import { CASES, ROLES } from '../adapters/postgres/clients/cases.js'
import { factsOf } from '../adapters/postgres/clients/run-cases.js'

describe.each(['postgres-14', 'postgres-15-oldest', 'postgres-16', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)
  it(`finds the same (${needs})`, async () => {
    const live = await startLive(folder)
    try {
      const { lines } = await factsOf(live, ROLES, CASES)
      const found = CASES.map((one, i) => ({
        name: one.name,
        facts: lines[i]?.filter((line) => one.others.test(line)),
      }))
      expect(found).toEqual(CASES.map(({ name: title, facts }) => ({ name: title, facts })))
    } finally {
      await live.close()
    }
  }, 60_000)
})
