// Starts a PostgreSQL for a test suite, and removes it with everything in it.
import { identifier } from '../../sql/quote.js'
import type { Clusters } from '../../adapters/postgres/cluster.js'
import { openSession } from '../../adapters/postgres/session.js'
import { refused, type Refused } from './run.js'
import { clustersAt } from '../run.js'

/** `createDatabase` creates an empty database and gives its DSN. It rejects with the server's error. `stop` may be called twice. */
export type TestServer = {
  readonly version: string
  readonly createDatabase: (name: string) => Promise<string>
  readonly stop: () => Promise<void>
}

/** Gives `refused` if it finds no PostgreSQL programs. Rejects only for a bug of this program. */
export async function openTestServer(options: {
  readonly packagesRoot: readonly string[]
  readonly major: number | undefined
  readonly signal: AbortSignal
}): Promise<{ readonly end: 'open'; readonly server: TestServer } | Refused> {
  const { packagesRoot, major, signal } = options
  try {
    const clusters = await clustersAt(
      { packagesRoot, environment: process.env },
      { server: undefined, major, disposable: false, signal },
    )
    return { end: 'open', server: serverOf(clusters) }
  } catch (error) {
    return refused(error)
  }
}

function serverOf({ main, close }: Clusters): TestServer {
  let stopped: Promise<void> | undefined
  return {
    version: main.report.version,
    createDatabase: async (name) => {
      const session = await openSession(main.connection(main.maintenance), main.explain)
      try {
        await session.send(`CREATE DATABASE ${identifier(name)}`)
      } finally {
        await session.close()
      }
      const { host = '', port = 5432, user = '' } = main.connection(name)
      const part = encodeURIComponent
      return `postgres://${part(user)}@/${part(name)}?host=${part(host)}&port=${port}&sslmode=disable`
    },
    stop: () => (stopped ??= close()),
  }
}
