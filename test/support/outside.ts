// A server with databases that live longer than one test, as programs reach it: by variables and URLs.
import type { Cluster } from '../../src/adapters/postgres/cluster.js'
import { provideServer } from '../../src/adapters/postgres/server/provide.js'
import { openSession } from '../../src/adapters/postgres/session.js'
import { options, removeFolder, temporaryFolder } from '../adapters/postgres/server/support.js'

export type OutsideServer = {
  readonly cluster: Cluster
  /** PGHOST and PGUSER: what libpq's programs need. */
  readonly environment: Readonly<Record<string, string>>
  readonly url: (database: string) => string
  readonly create: (database: string) => Promise<void>
  /** The rows of the last statement, as text. */
  readonly rows: (database: string, query: string) => Promise<readonly (readonly (string | null)[])[]>
  readonly close: () => Promise<void>
}

export async function openOutsideServer(): Promise<OutsideServer> {
  const cache = await temporaryFolder()
  const clusters = await provideServer(options(cache))
  const { main } = clusters
  const { host = '', user = '' } = main.connection(main.maintenance)
  const rows: OutsideServer['rows'] = async (database, query) => {
    const session = await openSession(main.connection(database))
    try {
      return (await session.send(query)).at(-1)?.rows ?? []
    } finally {
      await session.close()
    }
  }
  return {
    cluster: main,
    environment: { PGHOST: host, PGUSER: user },
    url: (database) => `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&sslmode=disable`,
    create: async (database) => {
      await rows(main.maintenance, `CREATE DATABASE "${database}"`)
    },
    rows,
    close: async () => {
      await clusters.close()
      await removeFolder(cache)
    },
  }
}
