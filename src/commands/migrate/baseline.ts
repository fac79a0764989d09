// The command `baseline`: versions written down as applied without being run, once the schema is seen to be theirs.
import type { Difference } from '../../catalog/difference.js'
import { UserError } from '../../model/errors.js'
import type { JournalEntry } from '../../state/journal.js'
import type { LiveReport, StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import { recordPlan, type RecordPlan } from '../../state/baseline-plan.js'
import { compareWithFiles } from '../live/drift.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { actingOf, environmentOf, planningOf, readStand, type Opened, type Stand } from '../live/connect.js'
import type { BaselineRequest } from '../shared/request.js'
import { createServerSlot, type ServerSlot } from '../shared/scratch-server.js'
import { locksOf, makeTables } from '../live/bookkeeping-tables.js'
import { standingReport, stepReport, stoppedBy, targetReport } from '../live/target-report.js'
import type { World } from '../shared/context.js'

/** Rejects with a UserError for wrong use. The differences that stand in the way are the `drift` of the report. */
export async function baseline(request: BaselineRequest, world: World): Promise<LiveReport> {
  const { to } = request
  if (to === undefined) {
    const fix = 'Say up to which version: pg-migration-gate baseline --databases NAME --to VERSION (0: none).'
    throw new UserError({ kind: 'use', what: 'baseline needs a version', fix })
  }
  const running: Running = { request, world }
  const started = world.clock.now()
  const start = world.clock.elapsed()
  const server = createServerSlot(world.startServer)
  try {
    return await withTargets(running, { count: 'one' }, async (reached) => {
      const targets = await Promise.all(
        reached.map((one) => recordOne(one, { request: { ...request, to }, world, server })),
      )
      return liveReport({ running, started, start, targets })
    })
  } finally {
    await server.close()
  }
}

type Recording = {
  readonly request: BaselineRequest & { readonly to: string }
  readonly world: World
  readonly server: ServerSlot
}

type Result = {
  readonly opened: Opened
  readonly standing: TargetReport['standing']
  readonly steps: readonly StepReport[]
  readonly notes: readonly string[]
  readonly stopped: Stopped | undefined
}

async function recordOne(one: Reached, recording: Recording): Promise<TargetReport> {
  const { request, world } = recording
  const start = world.clock.elapsed()
  const { read } = one
  const nothing = { opened: one.opened, standing: undefined, steps: [], notes: [] }
  const report = (result: Omit<Result, 'opened'> & { readonly opened: Opened | undefined }): TargetReport =>
    targetReport({
      ...result,
      read,
      environment: environmentOf(request, world),
      milliseconds: world.clock.elapsed() - start,
    })
  if (one.opened === undefined) return report({ ...nothing, stopped: one.stopped })
  const { target } = one.opened
  try {
    await target.lock(locksOf(one.opened))
    return report(await underLocks(one.opened, recording))
  } catch (error) {
    return report({ ...nothing, stopped: stoppedBy(error) })
  } finally {
    await target.unlock().catch(() => undefined)
  }
}

async function underLocks(before: Opened, { request, world, server }: Recording): Promise<Result> {
  const stand = await readStand(before)
  const plan = recordPlan({ ...planningOf(before, stand), to: request.to, clearDirty: request.clearDirty })
  const wrong = plan.refused
  if (wrong?.kind === 'use') throw new UserError({ kind: 'use', what: wrong.what, fix: wrong.fix })
  const { found } = before
  const ended = (more: Partial<Result>): Result => ({
    opened: before,
    standing: standingReport(stand.standing),
    steps: [],
    notes: found.notes,
    stopped: undefined,
    ...more,
  })
  if (wrong !== undefined) return ended({ stopped: { kind: 'refused', what: wrong.what, fix: wrong.fix } })
  if (plan.record.length === 0 && plan.cleared === undefined && plan.notThere.length === 0) return ended({})
  const { differences, notes } = await compareWithFiles({ opened: before, migrations: plan.through, server })
  const drift = differences.length === 0 ? undefined : differences
  if (drift !== undefined && request.differences === 'refuse')
    return ended({ ...refused(stand, drift, request), notes: [...found.notes, ...notes] })
  const recorded = await record(before, plan, { world, drift })
  return ended({ ...recorded, notes: [...(recorded.notes ?? []), ...notes] })
}

const refused = (stand: Stand, drift: readonly Difference[], { to }: { readonly to: string }): Partial<Result> => ({
  standing: standingReport(stand.standing, drift),
  stopped: {
    kind: 'refused',
    what: `the live schema is not what the files up to ${to} make, so nothing was recorded`,
    fix: 'Bring the schema there, name another version, or say --accept-differences when you know of each of them.',
  },
})

async function record(
  before: Opened,
  plan: RecordPlan,
  { world, drift }: { readonly world: World; readonly drift: readonly Difference[] | undefined },
): Promise<Partial<Result>> {
  const { ready, journal, notes } = await makeTables(before)
  const { history, table } = ready.found
  const cleared = plan.cleared
  const sql = [
    ...(cleared === undefined ? [] : [history.remove(table, cleared, plan.through)]),
    ...plan.record.map((migration) => history.record(table, migration)),
  ]
  const entry = (migration: JournalEntry['migration'], outcome: JournalEntry['outcome']): JournalEntry => ({
    migration,
    direction: 'up',
    outcome,
    before: undefined,
    milliseconds: undefined,
  })
  const entries = [
    ...plan.notThere.map((migration) => entry(migration, 'cleared')),
    ...plan.journal.map((migration) => entry(migration, 'recorded')),
  ]
  const acting = actingOf(ready, world)
  await ready.target.note({ sql: sql.join(';\n'), journal: journal === 'on' ? { acting, entries } : undefined })
  const after = await readStand(ready)
  return {
    opened: ready,
    standing: standingReport(after.standing, drift),
    steps: plan.journal.map((migration) => stepReport({ migration, direction: 'up' }, 'recorded')),
    notes: [...ready.found.notes, ...notes, ...(plan.note === undefined ? [] : [plan.note])],
  }
}
