// The command `status`: where every target stands. Reads only.
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import { lostNotes } from '../../state/plan.js'
import { findDrift } from '../live/drift.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { environmentOf, lookAgain, readStand, type Opened, type Stand } from '../live/connect.js'
import type { StatusRequest } from '../shared/request.js'
import { createServerSlot, type ServerSlot } from '../shared/scratch-server.js'
import { standingReport, stoppedBy, targetReport } from '../live/target-report.js'
import type { World } from '../shared/context.js'

/** Between two looks of `--check --wait`. */
const LOOK_EVERY_MS = 500

/**
 * With `check` what is pending, late or begun fails the run, drift too where it was looked for; `waitMs` then also waits
 * for somebody else to bring the targets up to date. Rejects with a UserError for wrong use.
 */
export async function status(request: StatusRequest, world: World): Promise<LiveReport> {
  const running: Running = { request, world }
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  const server = createServerSlot(world.startServer)
  try {
    return await withTargets(running, { count: 'any' }, async (reached) => {
      const deadline = request.check ? start + request.waitMs : start
      const targets = await Promise.all(reached.map((one) => stand(one, { running, deadline, server })))
      return liveReport({ running, started, start, targets, short: request.check && !targets.every(isUpToDate) })
    })
  } finally {
    await server.close()
  }
}

const isUpToDate = ({ standing }: Pick<TargetReport, 'standing'>): boolean =>
  standing !== undefined &&
  standing.pending.length + standing.late.length + (standing.drift?.length ?? 0) === 0 &&
  standing.dirty === undefined

async function stand(
  one: Reached,
  { running, deadline, server }: { readonly running: Running; readonly deadline: number; readonly server: ServerSlot },
): Promise<TargetReport> {
  const { request, world } = running
  const start = world.clock.elapsed()
  const { read, opened } = one
  const report = (more: Pick<TargetReport, 'standing' | 'stopped'>, notes: readonly string[] = []): TargetReport =>
    targetReport({
      read,
      opened,
      environment: environmentOf(request, world),
      steps: [],
      ...more,
      notes: [...(opened?.found.notes ?? []), ...notes],
      milliseconds: world.clock.elapsed() - start,
    })
  if (opened === undefined) return report({ standing: undefined, stopped: one.stopped })
  try {
    const found = await lookUntil(opened, deadline, world)
    const drift =
      request.command === 'status' && request.drift ? await findDrift({ opened, stand: found, server }) : undefined
    const notes = [...lostNotes(found.standing), ...(drift?.notes ?? [])]
    return report({ standing: standingReport(found.standing, drift?.differences), stopped: undefined }, notes)
  } catch (error) {
    return report({ standing: undefined, stopped: stoppedBy(error) })
  }
}

/** The first standing that is up to date, or the last one before the deadline. A table that appears meanwhile is found. */
async function lookUntil(opened: Opened, deadline: number, { clock, signal }: World): Promise<Stand> {
  for (;;) {
    const found = await readStand(await lookAgain(opened))
    const left = deadline - clock.elapsed()
    if (isUpToDate({ standing: standingReport(found.standing) }) || left <= 0 || signal.aborted) return found
    await clock.pause(Math.min(left, LOOK_EVERY_MS), signal)
  }
}
