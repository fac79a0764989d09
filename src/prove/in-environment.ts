// Opens an environment as small as a chain allows: with the server for itself only if the chain changes more than a database.
import { UserError } from '../model/errors.js'
import type { Script } from '../model/migration.js'
import {
  ReachesServer,
  type ScratchEnvironment,
  type ScratchEnvironmentOptions,
  type ScratchServer,
} from '../ports/scratch.js'
import { reachesCluster } from '../sql/effects/cluster-wide.js'
import { NotRepeatable } from './scratch-copies.js'

/** `failed`: the files of scripts that failed, by the result. */
type Body<T> = {
  readonly run: (environment: ScratchEnvironment) => Promise<T>
  readonly failed: (result: T) => readonly (string | undefined)[]
}

/**
 * Runs the body in an environment for these scripts. If one of them turns out to change more than its database, which its
 * text does not show, or fails when it runs again, the body runs once more in an environment that has the server for
 * itself. Rejects with a UserError of kind `environment` if there is none, or if the script fails there as well.
 */
export async function inEnvironment<T>(
  server: ScratchServer,
  scripts: readonly Script[],
  options: Omit<ScratchEnvironmentOptions, 'clusterWide'>,
  { run, failed }: Body<T>,
): Promise<T> {
  const runIn = async (clusterWide: boolean): Promise<T> => {
    const environment = await server.openEnvironment({ ...options, clusterWide })
    try {
      return await run(environment)
    } finally {
      // Not awaited here: only the end of the server waits for it, and it reports no result.
      environment.close().catch(() => undefined)
    }
  }
  if (reachesCluster(scripts)) return runIn(true)
  try {
    return await runIn(false)
  } catch (error) {
    if (error instanceof ReachesServer) return runIn(true)
    if (!(error instanceof NotRepeatable)) throw error
    const again = await runIn(true).catch((other: unknown) => {
      throw other instanceof UserError && other.kind !== 'cancelled' ? error : other
    })
    // What it left outside of the first server is in its way on the second one.
    if (failed(again).includes(error.file)) throw error
    return again
  }
}
