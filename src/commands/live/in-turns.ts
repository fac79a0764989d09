// Live databases worked on side by side.
import { createLimit } from '../../model/limit.js'
import type { Target } from '../../ports/target.js'
import type { TargetReport } from '../../report/run-report.js'

/** Databases at a time: each is one connection, and the work is the server's. */
const AT_A_TIME = 4

/**
 * A job for each of them, a few at a time. Two folders may be about one and the same database: these take turns, since one
 * run must not lock against itself. A bug in one job does not cut the others' connections: it is thrown when all have ended.
 */
export async function inTurns<One extends { readonly target?: Target | undefined }>(
  all: readonly One[],
  job: (one: One) => Promise<TargetReport>,
): Promise<readonly TargetReport[]> {
  const limit = createLimit(AT_A_TIME)
  const lanes = new Map<string, ReturnType<typeof createLimit>>()
  const jobs = all.map((one) => {
    const identity = one.target?.identity ?? ''
    const lane = lanes.get(identity) ?? createLimit(1)
    lanes.set(identity, lane)
    return lane(() => limit(() => job(one)))
  })
  await Promise.allSettled(jobs)
  return Promise.all(jobs)
}
