// The command `down`: rolls back the newest migrations of one database.
import { UserError } from '../../model/errors.js'
import type { LiveReport } from '../../report/run-report.js'
import { planDown } from '../../state/plan.js'
import { changeTargets } from './change-targets.js'
import type { DownRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'

/**
 * Rolls back one migration, `steps` migrations, or all above `to`. Rejects with a UserError for wrong use, and for
 * several databases.
 */
export async function down(request: DownRequest, world: World): Promise<LiveReport> {
  const { to, steps } = request
  if (to !== undefined && steps !== undefined) {
    throw new UserError({ kind: 'use', what: '--to and --steps contradict each other', fix: 'Leave one of them out.' })
  }
  return changeTargets(request, world, {
    planner: (planning) => planDown({ ...planning, to, steps: steps ?? 1 }),
    moved: 'refuse',
    count: 'one',
  })
}
