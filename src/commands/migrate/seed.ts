// The command `seed`: rows for development, tests and staging, brought in or taken back.
import { RULES } from '../../rules/index.js'
import { readSettings } from '../../config/settings.js'
import { UserError } from '../../model/errors.js'
import type { LiveReport, Stopped, TargetReport } from '../../report/run-report.js'
import { planSeeds, seedRefusal, unrunnable, type SeedStep } from '../../state/seed-plan.js'
import { shellWord } from '../../model/shell-quote.js'
import type { Standing } from '../../state/status.js'
import { findHistory, type FoundHistory } from '../live/history.js'
import { inTurns, wentWrong } from '../live/in-turn.js'
import { liveReport, withTargets, type Reached, type Running } from '../live/run.js'
import { environmentOf, readStand, type Opened } from '../live/connect.js'
import type { SeedRequest } from '../shared/request.js'
import { seedStanding } from './seed-steps.js'
import { applySeeds } from './seed-steps.js'
import { standingReport, stepReport, stoppedBy, targetReport } from '../live/target-report.js'
import type { World } from '../shared/context.js'

/** What is to be done on one target, or why nothing is. `found` is the history of its seeds. */
type Prepared = {
  readonly one: Reached
  readonly found?: FoundHistory
  readonly standing?: Standing
  readonly steps: readonly SeedStep[]
  readonly stopped: Stopped | undefined
}

/**
 * Nothing is begun where something is refused. Ends with a report; rejects with a UserError for wrong use, which taking
 * back the seeds of several databases at once is.
 */
export async function seed(request: SeedRequest, world: World): Promise<LiveReport> {
  const running: Running = { request, world }
  const started = world.clock.now()
  const start = world.clock.elapsed()
  const rules = RULES.map(({ id }) => id)
  const { seedCost } = await readSettings({ files: world.files, file: request.config, rules })
  const demands = { count: request.direction === 'down' ? 'one' : 'any', streams: ['schema', 'seeds'] } as const
  return withTargets(running, demands, async (reached) => {
    const prepared = await Promise.all(reached.map((one) => prepare(one, running, request)))
    const culprit = prepared.find(({ stopped }) => stopped !== undefined)
    let failed = culprit?.one.read.config.name
    const jobs = prepared.map((each) => ({ each, opened: each.one.opened }))
    const targets = await inTurns(jobs, async ({ each, opened }) => {
      const { found, steps, standing } = each
      if (request.dryRun || failed !== undefined || opened === undefined) return idle(each, running, failed)
      if (found === undefined || standing === undefined || steps.length === 0) return idle(each, running, undefined)
      const report = await applySeeds({ opened, found, steps, running, cost: seedCost })
      if (wentWrong(report)) failed ??= report.name
      return report
    })
    return liveReport({ running, started, start, targets })
  })
}

async function prepare(one: Reached, running: Running, request: SeedRequest): Promise<Prepared> {
  const { opened, read } = one
  if (opened === undefined) return { one, steps: [], stopped: one.stopped }
  const refused = seedRefusal({
    database: read.config.name,
    place: opened.target.place,
    environment: opened.environment,
    given: request.environment !== undefined || (running.world.environment['APP_ENV']?.trim() ?? '') !== '',
    production: opened.production,
  })
  if (refused?.kind === 'use') throw new UserError({ kind: 'use', what: refused.what, fix: refused.fix })
  if (refused !== undefined)
    return { one, steps: [], stopped: { kind: 'refused', what: refused.what, fix: refused.fix } }
  try {
    return await plan({ one, opened, direction: request.direction })
  } catch (error) {
    return { one, steps: [], stopped: stoppedBy(error) }
  }
}

async function plan(options: {
  readonly one: Reached
  readonly opened: Opened
  readonly direction: 'up' | 'down'
}): Promise<Prepared> {
  const { one, opened, direction } = options
  const { read, target } = opened
  const seeds = read.seeds?.migrations ?? []
  if (seeds.length === 0) return { one, steps: [], stopped: undefined }
  const { standing: schema } = await readStand(opened)
  const found = await findHistory({ target, read, stream: 'seed' })
  const standing = await seedStanding({ ...opened, found })
  const steps = planSeeds({ seeds, standing, direction })
  return { one, found, standing, steps, stopped: stoppedFor({ opened, schema, standing, steps, direction }) }
}

function stoppedFor(options: {
  readonly opened: Opened
  readonly schema: Standing
  readonly standing: Standing
  readonly steps: readonly SeedStep[]
  readonly direction: 'up' | 'down'
}): Stopped | undefined {
  const { opened, schema, standing, steps, direction } = options
  const { read, about } = opened
  const { name } = read.config
  const waiting = schema.pending.length + schema.late.length
  if (direction === 'up' && (waiting > 0 || schema.dirty !== undefined) && steps.length > 0) {
    const what =
      schema.dirty === undefined ? `${waiting} of its migrations are not applied` : 'one of its migrations did not end'
    const fix = `Run pg-migration-gate up ${about} first.`
    return { kind: 'refused', what: `${name}: seeds run on a schema that is up to date, and ${what}`, fix }
  }
  if (standing.dirty !== undefined) {
    const what = `${name}: the seed ${standing.dirty.key} began and did not end, so what it left is not known`
    const fix = 'Look at the rows, then correct the history of the seeds by hand.'
    return { kind: 'refused', what, fix }
  }
  const wrong = steps.map(unrunnable).find((why) => why !== undefined)
  if (wrong === undefined) return undefined
  const fix = `Mend it, or take it away: pg-migration-gate check ${shellWord(read.config.folder)} says more.`
  return { kind: 'refused', what: `${name}: ${wrong}`, fix }
}

/** A target to which nothing was done; `because` names the one that keeps it from starting. */
function idle(prepared: Prepared, { request, world }: Running, because: string | undefined): TargetReport {
  const { one, found, standing, steps } = prepared
  const waits = because !== undefined && prepared.stopped === undefined && steps.length > 0
  const others: Stopped = {
    kind: 'not started',
    what: `not started, because of ${because ?? ''}`,
    fix: 'Run the same command again when that is mended: it goes on with what is left.',
  }
  return targetReport({
    read: one.read,
    opened: one.opened && (found === undefined ? one.opened : { ...one.opened, found }),
    environment: environmentOf(request, world),
    standing: standing && standingReport(standing),
    steps: steps.map((step) => stepReport(step, waits || prepared.stopped !== undefined ? 'not started' : 'planned')),
    notes: (one.read.seeds?.migrations.length ?? 0) === 0 ? ['it has no seeds'] : (found?.notes ?? []),
    stopped: prepared.stopped ?? (waits ? others : undefined),
    milliseconds: 0,
  })
}
