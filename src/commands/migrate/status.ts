// The command `status`: which migrations of every target are applied, pending, edited or missing. It only reads.
import type { Drift } from '../../catalog/drift.js'
import type { LiveReport, StatusReport, TargetReport } from '../../report/run-report.js'
import { lostNotes } from '../../state/plan.js'
import { connectTargets, findHistoryAgain } from '../live/connect.js'
import { compareWithFiles } from '../live/drift.js'
import { idleReport, runReport, statusReport, targetReport } from '../live/report.js'
import { startRun, type Run } from '../live/run.js'
import { readStatus } from '../live/status.js'
import { stoppedBy, type ConnectedTarget, type Staged, type TargetStatus } from '../live/target.js'
import type { StatusRequest } from '../shared/request.js'
import type { World } from '../shared/context.js'

/** The time between two reads of `--check --wait`. */
const LOOK_EVERY_MS = 500

/**
 * With `check`, pending, out-of-order and begun migrations fail the run, and so does drift if it is compared. Then
 * `waitMs` also waits until another run has brought the targets up to date. Rejects with a UserError for wrong use.
 */
export async function status(request: StatusRequest, world: World): Promise<LiveReport> {
  const run = startRun(request, world)
  try {
    const { targets } = await connectTargets(run, { count: 'any' })
    const reports = await Promise.all(targets.map((one) => statusOf(run, one)))
    return runReport(run, reports, { short: request.check && !reports.every(isUpToDate) })
  } finally {
    await run.end()
  }
}

/** No run changes what is left out. */
const isUpToDate = ({ standing }: Pick<TargetReport, 'standing'>): boolean =>
  standing !== undefined && isApplied(standing) && standing.leftOut === undefined

const isApplied = ({ pending, late, drift, dirty }: StatusReport): boolean =>
  pending.length + late.length + (drift?.length ?? 0) === 0 && dirty === undefined

async function statusOf(run: Run<StatusRequest>, one: Staged<ConnectedTarget>): Promise<TargetReport> {
  const { clock } = run.world
  const start = clock.elapsed()
  if (one.stopped !== undefined) return idleReport(run, one, { outcome: 'planned', stopped: one.stopped })
  try {
    const status = await waitForStatus(one, run)
    const drift = run.request.drift ? await driftFrom(status, one, run) : undefined
    return targetReport(run, one, {
      standing: statusReport(status, one.read.schema, drift?.differences),
      steps: [],
      notes: [...one.found.notes, ...lostNotes(status), ...(drift?.notes ?? [])],
      stopped: undefined,
      milliseconds: clock.elapsed() - start,
    })
  } catch (error) {
    const milliseconds = clock.elapsed() - start
    return idleReport(run, { ...one, milliseconds }, { outcome: 'planned', stopped: stoppedBy(error) })
  }
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
