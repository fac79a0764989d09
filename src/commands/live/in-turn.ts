// Live databases worked on side by side.
import type { TargetReport } from '../../report/run-report.js'
import { createLimit } from '../../model/limit.js'
import type { Opened } from './connect.js'

/** Databases at a time: each is one connection, and the work is the server's. */
const AT_A_TIME = 4

/**
 * A job for each of them, a few at a time. Two folders may be about one and the same database: these take turns, since one
 * run must not lock against itself. A bug in one job does not cut the others' connections: it is told when all have ended.
 */
export async function inTurns<One extends { readonly opened?: Opened | undefined }>(
  all: readonly One[],
  job: (one: One) => Promise<TargetReport>,
): Promise<readonly TargetReport[]> {
  const limit = createLimit(AT_A_TIME)
  const lanes = new Map<string, ReturnType<typeof createLimit>>()
  const jobs = all.map((one) => {
    const identity = one.opened?.target.identity ?? ''
    const lane = lanes.get(identity) ?? createLimit(1)
    lanes.set(identity, lane)
    return lane(() => limit(() => job(one)))
  })
  await Promise.allSettled(jobs)
  return Promise.all(jobs)
}

/** Whether those that were not yet begun are better left alone. */
export const wentWrong = ({ steps, stopped }: TargetReport): boolean =>
  stopped !== undefined || steps.some(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
