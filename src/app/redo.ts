// The command `redo`: the newest migration of one database, down and up again.
import type { LiveReport } from '../core/live-report.js'
import { planRedo } from '../core/plan.js'
import { changeTargets } from './change.js'
import type { RedoRequest } from './request.js'
import type { World } from './world.js'

/** Ends with a report. Rejects with a UserError for wrong use, and for several databases. */
export function redo(request: RedoRequest, world: World): Promise<LiveReport> {
  return changeTargets({ request, world }, { plan: planRedo, moved: 'refuse', count: 'one', dryRun: request.dryRun })
}
