// The stages that `up`, `down` and `redo` share: connect, status, plan, gate, steps. A refusal stops all before the first step.
import { commandText } from '../../model/command.js'
import type { LiveReport, Stopped, TargetReport } from '../../report/run-report.js'
import { wentWrong } from '../../report/run-verdict.js'
import { applySteps, type ApplyOptions } from '../live/apply-steps.js'
import { connectTargets, type Demands } from '../live/connect.js'
import { refuseExisting } from '../live/existing.js'
import { inTurns } from '../live/in-turns.js'
import { planTargets } from '../live/plan.js'
import { idleReport, notStarted, runReport } from '../live/report.js'
import { namesEnvironment, startRun, type Run } from '../live/run.js'
import { readStatuses } from '../live/status.js'
import { type PlannedTarget, type Staged } from '../live/target.js'
import { allowedWords, databaseWords, extentWords } from '../../requests/suggested-command.js'
import { environmentRefusal } from '../../state/refusals.js'
import type { DownRequest, RedoRequest, UpRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'

type ChangeRequest = UpRequest | DownRequest | RedoRequest

/** What differs between the commands: see `Demands` and `ApplyOptions`. */
export type Change = Pick<Demands, 'count'> & Pick<ApplyOptions, 'planner' | 'moved'>

/** Ends with a report if all files were read and all targets are known. Rejects with a UserError for wrong use. */
export async function changeTargets(request: ChangeRequest, world: World, change: Change): Promise<LiveReport> {
  const run = startRun(request, world)
  try {
    const { targets, settings } = await connectTargets(run, change)
    const statuses = await readStatuses(run, targets, request.dryRun ? 'report' : 'wait')
    const planned = planTargets(statuses, change.planner)
    const existing = request.command === 'up' ? request.existing : 'refuse'
    const gated = await refuseExisting(
      planned.map((one) => refuseProduction(one, run)),
      { run, settings, existing },
    )
    return runReport(run, await applyTargets(run, gated, change))
  } finally {
    await run.end()
  }
}

/**
 * These commands refuse production, unless the config allows `up` there, and a server elsewhere that may be production.
 */
function refuseProduction(
  planned: Staged<PlannedTarget>,
  { request, world }: Run<ChangeRequest>,
): Staged<PlannedTarget> {
  const { read, plan, target, production, environment } = planned
  const { command } = request
  const { name, production: letIn } = read.config
  if (plan === undefined || target === undefined || planned.stopped?.kind === 'environment') return planned
  if (production !== true) {
    const given = namesEnvironment(request, world)
    const asProduction = inProduction(request, name)
    const refused = environmentRefusal({ database: name, place: target.place, given, asProduction })
    return refused === undefined ? planned : refuse(planned, refused)
  }
  if (command === 'up' && letIn === 'up') return planned
  const why = environment === 'production' ? 'its environment is production' : 'it was once deployed to as production'
  return refuse(planned, {
    what: `${name}: ${command} does not run here, because ${why}`,
    fix: inProduction(request, name),
  })
}

const refuse = (
  planned: Staged<PlannedTarget>,
  { what, fix }: Pick<Stopped, 'what' | 'fix'>,
): Staged<PlannedTarget> => ({
  ...planned,
  stopped: { kind: 'refused', what, fix },
})

/** What to use instead, with the same extent. */
function inProduction(request: ChangeRequest, name: string): string {
  const about = databaseWords({ ...request, environment: 'production' }, name)
  const extent = extentWords(request)
  if (request.command === 'up') {
    const words = ['plan', about, ...extent, ...allowedWords(request)].join(' ')
    return `Production is changed by an approved plan: ${commandText(words)}. A container waits until it is up to date: ${commandText(`status ${about} --check --wait 5m`)}.`
  }
  const words = ['rollback', about, ...(extent.length === 0 ? ['--steps 1'] : extent)].join(' ')
  return `Production is rolled back with its own checks: ${commandText(words)}.`
}

async function applyTargets(
  run: Run<ChangeRequest>,
  targets: readonly Staged<PlannedTarget>[],
  { planner, moved }: Change,
): Promise<readonly TargetReport[]> {
  const { dryRun } = run.request
  const refused = targets.find((one) => one.stopped !== undefined)
  if (dryRun || refused !== undefined) {
    return targets.map((one) => waitingReport(run, one, dryRun ? undefined : refused?.read.config.name))
  }
  let failed: string | undefined
  return inTurns(
    targets.filter((one) => one.stopped === undefined),
    async (one) => {
      if (one.plan.steps.length === 0) return waitingReport(run, one, undefined)
      if (failed !== undefined || run.world.signal.aborted) return waitingReport(run, one, failed ?? 'cancelled')
      const report = await applySteps(run, one, { planner, moved })
      if (wentWrong(report)) failed ??= report.name
      return report
    },
  )
}

/** A target without changes. `because` names the target that stopped the others. */
function waitingReport(run: Run, one: Staged<PlannedTarget>, because: string | undefined): TargetReport {
  const steps = one.plan?.steps ?? []
  if (because === undefined || one.stopped !== undefined || steps.length === 0) {
    return idleReport(run, one, { outcome: 'planned', stopped: one.stopped })
  }
  const fix = 'Fix that, then run the same command again: it continues with the rest.'
  const stopped: Stopped =
    because === 'cancelled'
      ? { kind: 'not started', what: 'the run was cancelled before', fix }
      : notStarted(because, fix)
  return idleReport(run, one, { outcome: 'not started', stopped })
}
