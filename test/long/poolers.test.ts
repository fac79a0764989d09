// A pooler whose only connection is in use: after a limit the run ends, and says so. A deploy through a pooler, too.
import { expect, test } from '@jest/globals'
import { createTargets } from '../../src/adapters/postgres/live/open.js'
import { compileProgram } from '../entry/program.js'
import { serverForTests } from '../support/live.js'
import { deployThrough, oneAhead } from '../support/one-ahead.js'
import { hasPooler, startPooler } from '../support/pooler.js'
import { productionsForTests } from '../support/production.js'
import { testWithDump } from '../support/with-dump.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)
const program = compileProgram()
const withPooler = hasPooler ? test : test.skip

withPooler.each([
  ['session', 'gave no second connection in 5 s: its pool has only one, or all are in use'],
  ['transaction', 'there is a connection pooler in transaction mode'],
] as const)('in %s mode', async (mode, expected) => {
  const { name } = await live.database()
  const pooler = await startPooler(String(live.cluster.connection('postgres').host), mode, 1)
  try {
    const options = {
      name: 'app',
      dsn: 'APP_DSN',
      session: 'reset',
      waitMs: 0,
      lockMs: 5_000,
      statementMs: undefined,
    } as const
    const targets = createTargets({ environment: { APP_DSN: pooler.dsn(name) } })
    const opening = targets.open({ ...options, signal: new AbortController().signal })
    await expect(opening).rejects.toMatchObject({ kind: 'environment', message: expect.stringContaining(expected) })
  } finally {
    await pooler.close()
  }
})

const withBoth = hasPooler ? testWithDump : test.skip
withBoth('a deploy: PgBouncer in transaction mode is refused, in session mode taken', async () => {
  const at = await oneAhead(makeProduction)
  const { host = '' } = live.cluster.connection('postgres')
  for (const mode of ['transaction', 'session'] as const) {
    const pooler = await startPooler(host, mode)
    try {
      const { code, out } = await deployThrough(program, at, pooler.dsn(at.databases['core_db']?.name ?? ''))
      if (mode === 'transaction') {
        expect([code, out]).toEqual([3, expect.stringContaining('a connection pooler in transaction mode')])
      } else {
        expect([code, out]).toEqual([1, expect.stringContaining('not the approved deadbeef')])
      }
    } finally {
      await pooler.close()
    }
  }
})
