// The command `plan`: previews a deploy, under a digest to approve. It changes nothing.
import type { LiveReport } from '../../report/run-report.js'
import { digestOf } from '../../release/approval-digest.js'
import { connectTargets, inOrder } from '../live/connect.js'
import { refuseExisting } from '../live/existing.js'
import { planTargets } from '../live/plan.js'
import { idleReport, runReport } from '../live/report.js'
import { requireEnvironment, startRun } from '../live/run.js'
import { readStatuses } from '../live/status.js'
import type { PlanRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'
import { approvalPlan, deployPlanner, expiryOf, refusedInPreviews } from './approval.js'
import { previewTargets } from './preview.js'

/** Ends with a report. Rejects with a UserError for wrong use. */
export async function plan(request: PlanRequest, world: World): Promise<LiveReport> {
  requireEnvironment(request, world)
  const run = startRun(request, world)
  try {
    const expires = expiryOf(request, run.started)
    const { targets, settings } = await connectTargets(run, { count: 'any' })
    const { order, ignore } = settings.deploy
    const statuses = await readStatuses(run, inOrder(targets, order), 'report')
    const planned = await refuseExisting(planTargets(statuses, deployPlanner(request)), {
      run,
      settings,
      existing: request.existing,
    })
    const previewed = await previewTargets(run, planned, {
      startFrom: 'files',
      impact: 'measured',
      proof: request.proof,
      role: 'reads',
      dump: { taken: true, accepted: [] },
      ignore,
    })
    const now = await approvalPlan(run, previewed, expires)
    const refused = refusedInPreviews(previewed)
    const reports = previewed.map((one) => idleReport(run, one, { outcome: 'planned', stopped: one.stopped }))
    return runReport(run, reports, {
      short: refused.length > 0,
      approval: { digest: digestOf(now), sheet: now, given: undefined, refused },
    })
  } finally {
    await run.end()
  }
}
