// Works on several live databases at the same time.
import { createLimit } from '../../model/limit.js'
import type { Target } from '../../ports/target.js'
import type { TargetReport } from '../../report/run-report.js'

/** Databases at the same time: each is one connection, and the server does the work. */
const AT_A_TIME = 4

/**
 * Runs a job for each, a few at the same time. Jobs on the same database run one after another, because a run must not
 * lock against itself. A bug in one job is thrown after all have ended, so no other connection is cut.
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
