// The command `deploy`: executes an approved plan, from the connection to the verification.
import type { LiveReport } from '../../report/run-report.js'
import { wentWrong } from '../../report/run-verdict.js'
import { digestOf } from '../../release/approval-digest.js'
import { connectTargets, inOrder, lockTargets } from '../live/connect.js'
import { refuseExisting } from '../live/existing.js'
import { planTargets } from '../live/plan.js'
import { idleReport, runReport } from '../live/report.js'
import { requireEnvironment, startRun } from '../live/run.js'
import { readStatuses } from '../live/status.js'
import type { DeployRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'
import { approvalPlan, deployPlanner, expiryOf, gateDeploy, readApproval } from './approval.js'
import { executeTargets } from './execute.js'
import { previewTargets } from './preview.js'
import { deployRecovery } from './recovery-commands.js'

/** Ends with a report for every outcome. Rejects with a UserError for wrong use. */
export async function deploy(request: DeployRequest, world: World): Promise<LiveReport> {
  requireEnvironment(request, world)
  const run = startRun(request, world)
  try {
    const approval = await readApproval(run)
    const planner = deployPlanner(request, approval?.plan)
    const expires = approval?.plan?.expires ?? expiryOf(request, run.started)
    const { targets, settings } = await connectTargets(run, { count: 'any' })
    const { order, ignore, retention, check } = settings.deploy
    const locked = await lockTargets(run, inOrder(targets, order))
    const statuses = await readStatuses(run, locked, 'report')
    const planned = await refuseExisting(planTargets(statuses, planner), { run, settings, existing: request.existing })
    const previewed = await previewTargets(run, planned, {
      startFrom: 'files',
      impact: 'measured',
      proof: request.proof,
      role: 'acts',
      dump: { taken: request.backup.kind === 'dump', accepted: request.unrestorable },
      ignore,
    })
    const plan = await approvalPlan(run, previewed, expires)
    const gate = await gateDeploy(run, { targets: previewed, approval, now: plan, rules: settings.deploy })
    const approved = digestOf(approval?.plan ?? plan)
    const allowed = gate.refused.length === 0 ? previewed.filter((one) => one.stopped === undefined) : []
    const isAllowed = gate.refused.length === 0 && allowed.length === previewed.length
    const reports = isAllowed
      ? await executeTargets(run, allowed, { planner, approved, continued: gate.continued })
      : previewed.map((one) => idleReport(run, one, { outcome: 'not started', stopped: one.stopped }))
    const recovery =
      isAllowed && reports.some(wentWrong)
        ? await deployRecovery(run, { targets: allowed, reports, approved, rules: settings.deploy })
        : []
    return runReport(run, reports, {
      short: gate.refused.length > 0,
      approval: { digest: digestOf(plan), sheet: plan, given: approval?.approved, refused: gate.refused },
      ways: recovery,
      facts: { reason: undefined, retention, check },
    })
  } finally {
    await run.end()
  }
}
