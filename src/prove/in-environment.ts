// Opens an environment as small as a chain allows: with the server for itself only if the chain changes more than a database.
import { UserError } from '../model/errors.js'
import type { Script } from '../model/migration.js'
import {
  ReachesServer,
  type ScratchEnvironment,
  type ScratchEnvironmentOptions,
  type ScratchServer,
} from '../ports/scratch.js'
import { reachesCluster } from '../sql/cluster-wide.js'
import { NotRepeatable } from './scratch-copies.js'

/**
 * Runs the body in an environment for these scripts. If one of them turns out to change more than its database, which its
 * text does not show, the body runs again in an environment that has the server for itself. Rejects with a UserError of
 * kind `environment` if there is none, or if a script fails when it runs again there.
 */
export async function inEnvironment<T>(
  server: ScratchServer,
  scripts: readonly Script[],
  options: Omit<ScratchEnvironmentOptions, 'clusterWide'>,
  body: (environment: ScratchEnvironment) => Promise<T>,
): Promise<T> {
  const clusterWide = reachesCluster(scripts)
  const run = async (wide: boolean): Promise<T> => {
    const environment = await server.openEnvironment({ ...options, clusterWide: wide })
    try {
      return await body(environment)
    } finally {
      // Not awaited here: only the end of the server waits for it, and it reports no result.
      environment.close().catch(() => undefined)
    }
  }
  if (clusterWide) return run(true)
  try {
    return await run(false)
  } catch (error) {
    const isReaching = error instanceof ReachesServer || error instanceof NotRepeatable
    if (!isReaching) throw error
    return run(true).catch((again: unknown) => {
      throw again instanceof UserError && again.kind === 'environment' && error instanceof NotRepeatable ? error : again
    })
  }
}
