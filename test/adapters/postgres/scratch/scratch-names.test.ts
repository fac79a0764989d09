// What a killed run leaves on a server that others use.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { systemClock } from '../../../../src/adapters/host/clock.js'
import { createScratchServer } from '../../../../src/adapters/postgres/scratch/server.js'
import { provideServer } from '../../../../src/adapters/postgres/server/provide.js'
import type { ScratchEnvironment, ScratchServer } from '../../../../src/ports/scratch.js'
import { openOutsideServer, type OutsideServer } from '../../../support/outside.js'
import { options } from '../server/support.js'

let outside: OutsideServer
const runs: ScratchServer[] = []

beforeAll(async () => {
  outside = await openOutsideServer()
})

afterAll(async () => {
  await Promise.all(runs.map((server) => server.close().catch(() => undefined)))
  await outside.close()
})

/** Another run on the same server, with one scratch database. */
async function anotherRun(): Promise<ScratchEnvironment> {
  const clusters = await provideServer(options('/nonexistent', { server: outside.url('postgres') }))
  const run = createScratchServer(clusters, systemClock)
  runs.push(run)
  const bench = await run.openEnvironment({ clusterWide: false, session: 'reset', setup: [], snapshots: 'guided' })
  await bench.open()
  return bench
}

const scratches = async (): Promise<readonly unknown[]> =>
  (await outside.rows('postgres', `SELECT datname FROM pg_database WHERE datname ~ 'scratch' ORDER BY oid`)).flat()

test('goes with the next run, and what belongs to one that lives stays', async () => {
  await anotherRun()
  const left = await scratches()
  const sessions = await outside.rows(
    'postgres',
    `SELECT pid FROM pg_stat_activity WHERE datname ~ 'scratch' UNION SELECT pid FROM pg_locks WHERE locktype = 'advisory'`,
  )
  const living = await anotherRun()
  const both = await scratches()
  expect([left.length, both.length]).toEqual([1, 2])
  expect(both).toContain(left[0])

  await outside.rows(
    'postgres',
    `SELECT pg_terminate_backend(pid, 10000) FROM unnest('{${sessions.join()}}'::int[]) pid`,
  )
  const next = await anotherRun()
  const now = await scratches()
  expect([now.length, now[0]]).toEqual([2, both[1]])
  await next.close()
  await living.close()
  expect(await scratches()).toEqual([])
})
