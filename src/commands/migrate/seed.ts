// The command `seed`: adds or removes rows for development, tests and staging.
import { commandText } from '../../model/command.js'
import { UserError } from '../../model/errors.js'
import type { LiveReport, Stopped, TargetReport } from '../../report/run-report.js'
import { wentWrong } from '../../report/run-verdict.js'
import type { MigrationStatus } from '../../state/status.js'
import { planSeeds, seedRefusal, unrunnable, type SeedStep } from '../../state/seed-plan.js'
import { connectTargets } from '../live/connect.js'
import { findHistory } from '../live/history.js'
import { inTurns } from '../live/in-turns.js'
import { notStarted, runReport, statusReport, stepReport, targetReport } from '../live/report.js'
import { namesEnvironment, startRun, type Run } from '../live/run.js'
import { readStatus } from '../live/status.js'
import { stoppedBy, type ConnectedTarget, type Staged } from '../live/target.js'
import type { SeedRequest } from '../../requests/request.js'
import type { World } from '../shared/context.js'
import { applySeeds, seedStatus, type PlannedSeeds } from './apply-seeds.js'

/** Seeds that do not run, with the results so far. */
type StoppedSeeds = Partial<Omit<PlannedSeeds, 'connected' | 'stopped'>> & {
  readonly connected: Staged<ConnectedTarget>
  readonly stopped: Stopped
}

/**
 * A refusal stops all seeds before the first one. Ends with a report. Rejects with a UserError for wrong use, such as
 * removing the seeds of several databases at once.
 */
export async function seed(request: SeedRequest, world: World): Promise<LiveReport> {
  const run = startRun(request, world)
  try {
    const count = request.direction === 'down' ? 'one' : 'any'
    const { targets, settings } = await connectTargets(run, { count, streams: ['schema', 'seeds'] })
    const planned = await Promise.all(targets.map((one) => planTarget(one, run)))
    return runReport(run, await applyTargets(run, planned, settings.seedCost))
  } finally {
    await run.end()
  }
}

async function planTarget(one: Staged<ConnectedTarget>, run: Run<SeedRequest>): Promise<PlannedSeeds | StoppedSeeds> {
  if (one.stopped !== undefined) return { connected: one, stopped: one.stopped }
  const refused = seedRefusal({
    database: one.read.config.name,
    place: one.target.place,
    environment: one.environment,
    given: namesEnvironment(run.request, run.world),
    production: one.production,
  })
  if (refused?.kind === 'use') throw new UserError({ kind: 'use', what: refused.what, fix: refused.fix })
  if (refused !== undefined) {
    return { connected: one, stopped: { kind: 'refused', what: refused.what, fix: refused.fix } }
  }
  try {
    return await planSeedsOf(one, run.request.direction)
  } catch (error) {
    return { connected: one, stopped: stoppedBy(error) }
  }
}

async function planSeedsOf(
  connected: ConnectedTarget,
  direction: SeedRequest['direction'],
): Promise<PlannedSeeds | StoppedSeeds> {
  const { read, target } = connected
  const seeds = read.seeds?.migrations ?? []
  if (seeds.length === 0) return { connected, steps: [] }
  const schema = await readStatus(connected)
  const found = await findHistory({ target, read, stream: 'seed' })
  const status = await seedStatus({ target, read, found })
  const steps = planSeeds({ seeds, status, direction })
  const planned = { connected, found, status, steps }
  const stopped = refusalOf({ ...planned, schema: schema, direction })
  return stopped === undefined ? planned : { ...planned, stopped }
}

function refusalOf(options: {
  readonly connected: ConnectedTarget
  readonly schema: MigrationStatus
  readonly status: MigrationStatus
  readonly steps: readonly SeedStep[]
  readonly direction: SeedRequest['direction']
}): Stopped | undefined {
  const { connected, schema, status, steps, direction } = options
  const { read, about } = connected
  const { name } = read.config
  const waiting = schema.pending.length + schema.late.length
  if (direction === 'up' && (waiting > 0 || schema.dirty !== undefined) && steps.length > 0) {
    const what =
      schema.dirty === undefined ? `${waiting} of its migrations are not applied` : 'one of its migrations did not end'
    const fix = `Run ${commandText(`up ${about}`)} first.`
    return { kind: 'refused', what: `${name}: seeds need a schema that is up to date, and ${what}`, fix }
  }
  if (status.dirty !== undefined) {
    const what = `${name}: the seed ${status.dirty.key} began and did not end, so its result is unknown`
    const fix = 'Look at the rows, then correct the history of the seeds by hand.'
    return { kind: 'refused', what, fix }
  }
  const wrong = steps.map(unrunnable).find((why) => why !== undefined)
  if (wrong === undefined) return undefined
  const fix = `Fix it, or remove it: ${connected.check} says more.`
  return { kind: 'refused', what: `${name}: ${wrong}`, fix }
}

function applyTargets(
  run: Run<SeedRequest>,
  planned: readonly (PlannedSeeds | StoppedSeeds)[],
  cost: number,
): Promise<readonly TargetReport[]> {
  let failed = planned.find(({ stopped }) => stopped !== undefined)?.connected.read.config.name
  const jobs = planned.map((seeds) => ({ seeds, target: seeds.connected.target }))
  return inTurns(jobs, async ({ seeds }) => {
    if (run.request.dryRun || failed !== undefined || seeds.stopped !== undefined) {
      return waitingReport(run, seeds, failed)
    }
    const { connected, found, steps } = seeds
    if (found === undefined || steps.length === 0) return waitingReport(run, seeds, undefined)
    const report = await applySeeds(run, { connected, found, steps, cost })
    if (wentWrong(report)) failed ??= report.name
    return report
  })
}

/** A target without changes. `because` names the target that stopped it. */
function waitingReport(run: Run, seeds: PlannedSeeds | StoppedSeeds, because: string | undefined): TargetReport {
  const { connected, found = connected.found, status, steps = [], stopped } = seeds
  const fix = 'Fix that, then run the same command again: it continues with the rest.'
  const waits =
    because === undefined || stopped !== undefined || steps.length === 0 ? undefined : notStarted(because, fix)
  const reason = stopped ?? waits
  return targetReport(run, found === undefined ? connected : { ...connected, found }, {
    standing: status && statusReport(status, connected.read.seeds),
    steps: steps.map((step) => stepReport(step, reason === undefined ? 'planned' : 'not started')),
    notes: (connected.read.seeds?.migrations.length ?? 0) === 0 ? ['it has no seeds'] : (seeds.found?.notes ?? []),
    stopped: reason,
    milliseconds: 0,
  })
}
