// A pooler whose only connection is in use: after a limit the run ends, and says so.
import { expect, test } from '@jest/globals'
import { createTargets } from '../../src/adapters/postgres/live/open.js'
import { serverForTests } from '../support/live.js'
import { hasPooler, startPooler } from '../support/pooler.js'

const live = serverForTests()
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
