// Every planted case on every server at hand: the oldest and the newest major, and the oldest and the newest minor of one.
import { describe, expect } from '@jest/globals'
import { planted } from '../prove/planted/cases.js'
import { concerns, judgePlanted } from '../prove/planted/judge.js'
import { inLanes } from '../support/lanes.js'
import { openServer, OWN_SERVER, serverNamed } from '../support/server.js'

describe.each([OWN_SERVER, 'postgres-14', 'postgres-15-oldest', 'postgres-15', 'postgres-16', 'postgres-18'])(
  '%s',
  (name) => {
    const { folder, it, needs } = serverNamed(name)

    it(`planted cases (${needs})`, async () => {
      const server = await openServer(folder)
      try {
        const here = planted.filter((each) => concerns(each, server.report.major))
        const verdicts = await inLanes(2, here, async (each) => ({
          name: each.name,
          ...(await judgePlanted(server, each, 'guided')),
        }))
        expect(verdicts.filter(({ expected, said }) => JSON.stringify(expected) !== JSON.stringify(said))).toEqual([])
      } finally {
        await server.close()
      }
    })
  },
)
