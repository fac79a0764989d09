// The one scratch server of a run: started for the first migration that needs it, and always closed.
import { UserError } from '../../model/errors.js'
import type { ServerReport } from '../../report/check-report.js'
import type { ScratchServer } from '../../ports/scratch.js'

export type ServerSlot = {
  /**
   * Starts the server on the first call, with the major version `like` if available. After a failure, every call
   * rejects with the same error.
   */
  readonly get: (like?: number) => Promise<ScratchServer>
  /** The server's own report; undefined if none was started. */
  readonly report: () => ServerReport | undefined
  readonly close: () => Promise<void>
}

/** `start` is called at most once. The caller must close the slot. */
export function createServerSlot(start: (like?: number) => Promise<ScratchServer>): ServerSlot {
  let starting: Promise<ScratchServer> | undefined
  let report: ServerReport | undefined
  return {
    get: (like) => {
      starting ??= start(like).then((server) => {
        report = server.report
        return server
      })
      // Every caller of `get` sees the failure. A server that starts before it is needed must not cause an unhandled rejection.
      starting.catch(() => undefined)
      return starting
    },
    report: () => report,
    close: async () => {
      const server = await starting?.catch(() => undefined)
      await server?.close()
    },
  }
}

/** A failure of the environment, which the report shows. Any other error must be thrown. */
export const isEnvironment = (error: unknown): error is UserError =>
  error instanceof UserError && error.kind === 'environment'
