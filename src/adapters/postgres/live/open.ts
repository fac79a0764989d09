// The Targets port: from a name in the configuration to a database to work on.
import type { Target, Targets } from '../../../ports/target.js'
import type { Machine } from '../server/machine.js'
import { brokenConnection } from './connection.js'
import { connect, readAddress } from './connect.js'
import { readFacts } from './server-facts.js'
import { LostConnection } from './connection.js'
import { readTables } from './table-from-env.js'
import { LiveTarget } from './target.js'

/** `environment` holds the variables with the DSNs, and libpq's PG* ones. */
export const createTargets = ({ environment }: Pick<Machine, 'environment'>): Targets => ({
  open: async (options): Promise<Target> => {
    const { signal, waitMs } = options
    const { name, dsn: variable, tls = 'usual' } = options
    const address = readAddress({ name, variable, environment, tls })
    const tables = readTables(address, { environment })
    const link = await connect({ address, waitMs, signal })
    try {
      const another = () => connect({ address, waitMs: 0, signal })
      const facts = await readFacts({ link, place: address.place, another })
      return new LiveTarget({ link, address, facts, options, tables })
    } catch (error) {
      await link.close()
      throw error instanceof LostConnection ? brokenConnection(address.place, error) : error
    }
  },
})
