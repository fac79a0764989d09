// Poolers that keep no session, and everything that a run may wait for: with a limit, in words, and until a signal.
import { describe, expect, test } from '@jest/globals'
import net from 'node:net'
import { createTargets } from '../../../../src/adapters/postgres/live/open.js'
import type { Target } from '../../../../src/ports/target.js'
import { serverForTests } from '../../../support/live.js'
import { hasPooler, startPooler } from '../../../support/pooler.js'

const live = serverForTests()
const withPooler = hasPooler ? test : test.skip

type Opened = { readonly target: Target | Error; readonly lines: readonly string[]; readonly heardMs: number }

/** Opens a database behind a variable. `until`: a signal comes when such a line is said. */
async function open(dsn: string, until?: RegExp, lockMs = 5_000): Promise<Opened> {
  const lines: string[] = []
  const stop = new AbortController()
  let stopped = 0
  const log = (line: string): void => {
    lines.push(line)
    if (until?.test(line) !== true) return
    stopped = performance.now()
    stop.abort()
  }
  const options = { name: 'app', dsn: 'APP_DSN', session: 'reset', waitMs: 0, lockMs, statementMs: undefined } as const
  const opening = createTargets({ environment: { APP_DSN: dsn }, log }).open({ ...options, signal: stop.signal })
  const target = await opening.catch((error: unknown) => error as Error)
  return { target, lines, heardMs: performance.now() - stopped }
}

const refusal = ({ target }: Opened): string => (target instanceof Error ? target.message : 'opened')

describe('a pooler', () => {
  withPooler.each([
    [
      'statement',
      5,
      /^At \S+ there is a connection pooler in statement mode: settings and locks of a session get lost/,
    ],
    [
      'transaction',
      5,
      /^At \S+ there is a connection pooler in transaction mode: settings and locks of a session get lost/,
    ],
    ['session', 5, /^opened$/],
  ] as const)('in %s mode', async (mode, connections, expected) => {
    const { name } = await live.database()
    const pooler = await startPooler(String(live.cluster.connection('postgres').host), mode, connections)
    try {
      const opened = await open(pooler.dsn(name))
      expect(refusal(opened)).toMatch(expected)
      if (!(opened.target instanceof Error)) await opened.target.close()
    } finally {
      await pooler.close()
    }
  })

  withPooler('with a single connection: the wait is said, and a signal ends it at once', async () => {
    const { name } = await live.database()
    const pooler = await startPooler(String(live.cluster.connection('postgres').host), 'session', 1)
    try {
      const opened = await open(pooler.dsn(name), /waiting/)
      expect(opened.lines).toEqual([expect.stringMatching(/^app: waiting for a second connection of the pooler at \//)])
      expect(opened.target).toMatchObject({ kind: 'cancelled' })
      expect(opened.heardMs).toBeLessThan(1_500)
    } finally {
      await pooler.close()
    }
  })
})

test('a server that takes connections and never answers: said, and heard', async () => {
  const silent = net.createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as net.AddressInfo
  try {
    const opened = await open(`postgres://postgres@127.0.0.1:${port}/x?sslmode=disable`, /waiting/)
    expect(opened.lines).toEqual([`app: waiting for a connection to 127.0.0.1:${port}/x`])
    expect(opened.target).toMatchObject({ kind: 'cancelled' })
    expect(opened.heardMs).toBeLessThan(1_500)
  } finally {
    silent.close()
  }
})

test('a reader does not wait for a lock without a limit, and names its holder', async () => {
  const database = await live.database()
  await database.query('CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t')
  const other = await database.session()
  await other.query('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE')
  const { target } = await open(database.dsn, undefined, 20)
  if (target instanceof Error) throw target
  await expect(target.snapshot()).rejects.toMatchObject({
    kind: 'environment',
    message: expect.stringMatching(
      /canceling statement due to lock timeout \(SQLSTATE 55P03\); the lock is held by pid \d+ \(test, /,
    ),
    fix: 'Wait until that session ends, or end it, then run again.',
  })
  await other.query('ROLLBACK')
  expect((await target.snapshot()).size).toBeGreaterThan(0)
  await target.close()
  await other.end()
})
