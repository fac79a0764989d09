// The command `redo`: the newest migration of one database, down and up again.
import type { LiveReport } from '../../report/run-report.js'
import { planRedo } from '../../state/plan.js'
import { changeTargets } from './change-targets.js'
import type { RedoRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'

/** Ends with a report. Rejects with a UserError for wrong use, and for several databases. */
export function redo(request: RedoRequest, world: World): Promise<LiveReport> {
  return changeTargets(request, world, { planner: planRedo, moved: 'refuse', count: 'one' })
}
