// The command `up`: what is pending, applied.
import type { LiveReport } from '../../report/run-report.js'
import { planUp } from '../../state/plan.js'
import { changeTargets } from './engine.js'
import type { UpRequest } from '../shared/request.js'
import type { World } from '../shared/context.js'

/** Ends with a report. Rejects with a UserError for wrong use. */
export function up(request: UpRequest, world: World): Promise<LiveReport> {
  const { to, late, dryRun } = request
  return changeTargets(
    { request, world },
    { plan: (planning) => planUp({ ...planning, to, late }), moved: 'anew', count: 'any', dryRun },
  )
}
