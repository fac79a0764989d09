// The one server of a run: started when the first migration needs it, ended whatever happens.
import { UserError } from '../../model/errors.js'
import type { ServerReport } from '../../report/check-report.js'
import type { ScratchServer } from '../../ports/scratch.js'

export type ServerSlot = {
  /**
   * Starts the server on the first call, of the major `like` where there is one. Rejects, every time the same, when that fails.
   */
  readonly get: (like?: number) => Promise<ScratchServer>
  /** What the server says of itself; undefined when none was started, or none could be. */
  readonly report: () => ServerReport | undefined
  readonly close: () => Promise<void>
}

/** `start` is called once at the most. Whoever makes a slot closes it. */
export function createServerSlot(start: (like?: number) => Promise<ScratchServer>): ServerSlot {
  let starting: Promise<ScratchServer> | undefined
  let report: ServerReport | undefined
  return {
    get: (like) => {
      starting ??= start(like).then((server) => {
        report = server.report
        return server
      })
      // Whoever uses the server sees the failure; started ahead of need, it must not count as unhandled.
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

/** A failure of the surroundings, which is told in the report; anything else must not be swallowed. */
export const isEnvironment = (error: unknown): error is UserError =>
  error instanceof UserError && error.kind === 'environment'
