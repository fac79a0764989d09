// The command `status`: which migrations of every target are applied, pending, edited or missing. It only reads.
import type { Drift } from '../../catalog/drift.js'
import type { LiveReport, StatusReport, TargetReport } from '../../report/run-report.js'
import { lostNotes } from '../../state/plan.js'
import { connectTargets, findHistoryAgain } from '../live/connect.js'
import { existingIn, type Neighbours } from '../live/existing.js'
import { existingRefusal, type Existing } from '../../state/existing-tables.js'
import { compareWithFiles } from '../live/drift.js'
import { idleReport, runReport, statusReport, targetReport } from '../live/report.js'
import { startRun, type Run } from '../live/run.js'
import { readStatus } from '../live/status.js'
import { stoppedBy, type ConnectedTarget, type Staged, type TargetStatus } from '../live/target.js'
import { commandText } from '../../model/command.js'
import type { StatusRequest } from '../../requests/request.js'
import { commandWithExisting, databaseWords } from '../../requests/suggested-command.js'
import type { World } from '../shared/context.js'

/** The time between two reads of `--check --wait`. */
const LOOK_EVERY_MS = 500

/**
 * Begun migrations, drift if it is compared, and tables without a known history fail the run. With `check`, pending and
 * out-of-order migrations do so too. Then
 * `waitMs` also waits until another run has brought the targets up to date. Rejects with a UserError for wrong use.
 */
export async function status(request: StatusRequest, world: World): Promise<LiveReport> {
  const run = startRun(request, world)
  try {
    const { targets, settings } = await connectTargets(run, { count: 'any' })
    const reports = await Promise.all(targets.map((one) => statusOf(run, one, { targets, settings })))
    const short = (request.check && !reports.every(isUpToDate)) || reports.some(isBroken)
    return runReport(run, reports, { short })
  } finally {
    await run.end()
  }
}

/** No run changes what is left out. */
const isUpToDate = ({ standing }: Pick<TargetReport, 'standing'>): boolean =>
  standing !== undefined && isApplied(standing) && standing.leftOut === undefined && standing.existing === undefined

const isApplied = ({ pending, late, drift, dirty }: StatusReport): boolean =>
  pending.length + late.length + (drift?.length ?? 0) === 0 && dirty === undefined

/** A database on which no command may simply go on. Pending migrations alone are no fault. */
const isBroken = ({ standing }: Pick<TargetReport, 'standing'>): boolean =>
  standing !== undefined &&
  (standing.dirty !== undefined || standing.existing !== undefined || (standing.drift?.length ?? 0) > 0)

async function statusOf(
  run: Run<StatusRequest>,
  one: Staged<ConnectedTarget>,
  among: Pick<Neighbours, 'targets' | 'settings'>,
): Promise<TargetReport> {
  const { clock } = run.world
  const start = clock.elapsed()
  if (one.stopped !== undefined) return idleReport(run, one, { outcome: 'planned', stopped: one.stopped })
  try {
    const status = await waitForStatus(one, run)
    const existing = await existingIn(one, status, { run, ...among })
    const drift = run.request.drift ? await driftFrom(status, one, run) : undefined
    return targetReport(run, one, {
      standing: statusReport(status, one.read.schema, { drift: drift?.differences, ...(existing && { existing }) }),
      steps: [],
      notes: [...one.found.notes, ...lostNotes(status), ...wayOut(one, run.request, existing), ...(drift?.notes ?? [])],
      stopped: undefined,
      milliseconds: clock.elapsed() - start,
    })
  } catch (error) {
    const milliseconds = clock.elapsed() - start
    return idleReport(run, { ...one, milliseconds }, { outcome: 'planned', stopped: stoppedBy(error) })
  }
}

/** What to do where `up` refuses, and in production `plan`. */
function wayOut(
  { read, about, production }: ConnectedTarget,
  request: StatusRequest,
  existing: Existing | undefined,
): readonly string[] {
  if (existing === undefined) return []
  const { name: database, production: letIn } = read.config
  const inProduction = databaseWords({ ...request, environment: 'production' }, database)
  const [command, again] =
    production && letIn !== 'up'
      ? ['plan', commandText(`plan ${inProduction} --allow-existing`)]
      : ['up', commandWithExisting(request, database)]
  return [existingRefusal({ database, about, command, again, migrations: read.schema.migrations, existing }).fix]
}

/** The live schema compared with the files of the applied migrations. */
const driftFrom = ({ applied }: TargetStatus, connected: ConnectedTarget, { server }: Run): Promise<Drift> =>
  compareWithFiles({ connected, server, migrations: applied.map(({ migration }) => migration) })

/**
 * The first status that is up to date, or the last one before the deadline. It finds a table that appears in the
 * meantime.
 */
async function waitForStatus(connected: ConnectedTarget, run: Run<StatusRequest>): Promise<TargetStatus> {
  const { clock, signal } = run.world
  const deadline = run.request.check ? run.start + run.request.waitMs : run.start
  for (;;) {
    const status = await readStatus(await findHistoryAgain(connected))
    const left = deadline - clock.elapsed()
    if (isApplied(statusReport(status, connected.read.schema)) || left <= 0 || signal.aborted) return status
    await clock.pause(Math.min(left, LOOK_EVERY_MS), signal)
  }
}
