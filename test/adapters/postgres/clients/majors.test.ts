// The facts of other major versions are those of the cases, too.
import { describe, expect } from '@jest/globals'
import { serverNamed } from '../../../support/server.js'
import { startLive } from '../../../support/live.js'
import { ANSWERS } from './answers-cases.js'
import { BROKEN } from './broken-cases.js'
import { LOST } from './lost-cases.js'
import { factsOf, type Case } from './support.js'

const SOME = process.env['CLIENT_CASES'] === 'all' ? 1 : 6
const some = (cases: readonly Case[]): readonly Case[] => cases.filter((_, i) => i % SOME === 0)
/** As in the tests of each list: those of losses look at nothing that clients notice. */
const LISTS = [
  { cases: some(BROKEN), others: / / },
  { cases: some(ANSWERS), others: / / },
  { cases: some(LOST), others: /^(?!broken |answers |unindexed )/ },
]
const CASES = LISTS.flatMap(({ cases, others }) => cases.map((one) => ({ ...one, others })))

describe.each(['postgres-14', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)
  it(`finds the same (${needs})`, async () => {
    const live = await startLive(folder)
    try {
      const { lines } = await factsOf(live, 'CREATE ROLE app; CREATE ROLE readers; GRANT readers TO app', CASES)
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
