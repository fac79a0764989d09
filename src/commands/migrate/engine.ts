// Commands that change live databases: everything is planned first, and nothing is begun where something is refused.
import { firstFew } from '../../model/list-words.js'
import type { LiveReport, Stopped, TargetReport } from '../../report/run-report.js'
import type { Plan } from '../../state/plan.js'
import { applyPlan } from '../live/apply-steps.js'
import type { Change } from '../live/change.js'
import { inTurns, wentWrong } from '../live/in-turn.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { environmentOf, lookAgain, planningOf, readStand, type Opened, type Stand } from '../live/connect.js'
import { UserError } from '../../model/errors.js'
import { unrecordable } from '../live/recordable.js'
import { locksOf } from '../live/bookkeeping-tables.js'
import { standingReport, stepReport, stoppedBy, targetReport } from '../live/target-report.js'

/** A target with its plan; `stopped` says why there is none. */
type Prepared = Reached & { readonly stand?: Stand; readonly plan?: Plan; readonly milliseconds: number }

/** Always ends with a report once all files were read and all targets named. Rejects with a UserError for wrong use. */
export async function changeTargets(running: Running, change: Change): Promise<LiveReport> {
  const { clock } = running.world
  const started = clock.now()
  const start = clock.elapsed()
  return withTargets(running, change, async (reached) => {
    const prepared = await Promise.all(reached.map((one) => prepare(one, running, change)))
    const targets = await carryOut(prepared, running, change)
    return liveReport({ running, started, start, targets })
  })
}

async function prepare(one: Reached, { request, world }: Running, { plan, dryRun }: Change): Promise<Prepared> {
  const start = world.clock.elapsed()
  const ended = (more: { stand?: Stand; plan?: Plan; stopped?: Stopped }): Prepared =>
    ({ ...one, ...more, milliseconds: world.clock.elapsed() - start }) as Prepared
  if (one.opened === undefined) return ended({})
  try {
    const stand = await (dryRun ? readStand(one.opened) : settled(one.opened))
    const planned = plan(planningOf(one.opened, stand))
    const wrong = planned.refused.find(({ kind }) => kind === 'use')
    if (wrong !== undefined) throw new UserError({ kind: 'use', what: wrong.what, fix: wrong.fix })
    const stopped = refusalOf(one.opened, planned, request.command) ?? unrecordable(one.opened, planned)
    return ended({ stand, plan: planned, ...(stopped && { stopped }) })
  } catch (error) {
    return ended({ stopped: stoppedBy(error) })
  }
}

/** What has begun may be at work this moment, in a run that holds the locks: whether it ended is known behind that run. */
async function settled(opened: Opened): Promise<Stand> {
  const stand = await readStand(opened)
  if (stand.standing.dirty === undefined) return stand
  await opened.target.lock(locksOf(opened))
  try {
    return await readStand(await lookAgain(opened))
  } finally {
    await opened.target.unlock()
  }
}

/** The everyday words stay away from production, unless the config lets `up` in. */
function refusalOf(opened: Opened, plan: Plan, command: string): Stopped | undefined {
  const { production, read, environment, about } = opened
  const { name } = read.config
  if (production && !(command === 'up' && read.config.production === 'up')) {
    const why = environment === 'production' ? 'its environment is production' : 'it was once deployed to as production'
    const [word, also] =
      command === 'up' ? ['deploy', '; a container waits with: status --check --wait 5m'] : ['rollback', '']
    return {
      kind: 'refused',
      what: `${name}: ${command} does not run here, because ${why}`,
      fix: `Use pg-migration-gate ${word} ${about}${also}.`,
    }
  }
  const [first] = plan.refused
  if (first === undefined) return undefined
  const words = plan.refused.map(({ what }) => what)
  return { kind: 'refused', what: firstFew(words, '; '), fix: first.fix }
}

async function carryOut(
  prepared: readonly Prepared[],
  running: Running,
  change: Change,
): Promise<readonly TargetReport[]> {
  const culprit = prepared.find(({ stopped }) => stopped !== undefined)
  if (change.dryRun || culprit !== undefined) {
    return prepared.map((one) => reportOf(one, running, change.dryRun ? undefined : culprit?.read.config.name))
  }
  let failed: string | undefined
  return inTurns(prepared, async (one) => {
    const { opened, stand, plan } = one
    // Only one with a culprit lacks these.
    if (opened === undefined || stand === undefined || plan === undefined) return reportOf(one, running, failed)
    if (plan.steps.length === 0) return reportOf(one, running, undefined)
    if (failed !== undefined || running.world.signal.aborted) return reportOf(one, running, failed ?? 'cancelled')
    const report = await applyPlan({ opened, stand, plan, change, running, spent: one.milliseconds })
    if (wentWrong(report)) failed ??= report.name
    return report
  })
}

/** A target to which nothing was done; `because` names the one that keeps the others from starting. */
function reportOf(one: Prepared, { request, world }: Running, because: string | undefined): TargetReport {
  const { read, opened, stand, plan, milliseconds } = one
  const waits = because !== undefined && one.stopped === undefined && (plan?.steps.length ?? 0) > 0
  const others: Stopped = {
    kind: 'not started',
    what: because === 'cancelled' ? 'the run was cancelled before' : `not started, because of ${because ?? ''}`,
    fix: 'Run the same command again when that is mended: it goes on with what is left.',
  }
  return targetReport({
    read,
    opened,
    milliseconds,
    environment: environmentOf(request, world),
    standing: stand && standingReport(stand.standing),
    steps: (plan?.steps ?? []).map((step) => stepReport(step, waits ? 'not started' : 'planned')),
    notes: [...(opened?.found.notes ?? []), ...(plan?.notes ?? [])],
    stopped: one.stopped ?? (waits ? others : undefined),
  })
}
