// The command `up`: what is pending, applied.
import type { LiveReport } from '../core/live-report.js'
import { planUp } from '../core/plan.js'
import { changeTargets } from './change.js'
import type { UpRequest } from './request.js'
import type { World } from './world.js'

/** Ends with a report. Rejects with a UserError for wrong use. */
export function up(request: UpRequest, world: World): Promise<LiveReport> {
  const { to, late, dryRun } = request
  return changeTargets(
    { request, world },
    { plan: (planning) => planUp({ ...planning, to, late }), moved: 'anew', count: 'any', dryRun },
  )
}
