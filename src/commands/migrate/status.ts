// The command `status`: which migrations of every target are applied, pending, edited or missing. It only reads.
import type { Drift } from '../../catalog/drift.js'
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import { lostNotes } from '../../state/plan.js'
import { connectTargets, findHistoryAgain } from '../live/connect.js'
import { existingIn, type Neighbours } from '../live/existing.js'
import { existingRefusal, type Existing } from '../../state/existing-tables.js'
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

const isUpToDate = ({ standing }: Pick<TargetReport, 'standing'>): boolean =>
  standing !== undefined &&
  standing.pending.length + standing.late.length + (standing.drift?.length ?? 0) === 0 &&
  standing.dirty === undefined &&
  standing.existing === undefined

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
      standing: statusReport(status, drift?.differences, existing),
      steps: [],
      notes: [...one.found.notes, ...lostNotes(status), ...wayOut(one, existing), ...(drift?.notes ?? [])],
      stopped: undefined,
      milliseconds: clock.elapsed() - start,
    })
  } catch (error) {
    const milliseconds = clock.elapsed() - start
    return idleReport(run, { ...one, milliseconds }, { outcome: 'planned', stopped: stoppedBy(error) })
  }
}

/** What to do where `up` refuses. */
const wayOut = ({ read, about }: ConnectedTarget, existing: Existing | undefined): readonly string[] =>
  existing === undefined
    ? []
    : [
        existingRefusal({
          database: read.config.name,
          about,
          command: 'up',
          migrations: read.schema.migrations,
          existing,
        }).fix,
      ]

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
    if (isUpToDate({ standing: statusReport(status) }) || left <= 0 || signal.aborted) return status
    await clock.pause(Math.min(left, LOOK_EVERY_MS), signal)
  }
}
