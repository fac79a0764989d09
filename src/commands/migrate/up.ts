// The command `up`: applies the pending migrations.
import type { LiveReport } from '../../report/run-report.js'
import { planUp } from '../../state/plan.js'
import { changeTargets } from './change-targets.js'
import type { UpRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'

/** Ends with a report. Rejects with a UserError for wrong use. */
export function up(request: UpRequest, world: World): Promise<LiveReport> {
  const { to, late } = request
  return changeTargets(request, world, {
    planner: (planning) => planUp({ ...planning, to, late }),
    moved: 'plan again',
    count: 'any',
  })
}
