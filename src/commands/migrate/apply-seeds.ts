// Applies the seeds of one target, one after another, under the locks of its migrations.
import { UserError } from '../../model/errors.js'
import type { TargetStep } from '../../ports/target.js'
import { missing, runModule } from '../../prove/seed.js'
import type { ScriptFailure } from '../../report/check-report.js'
import type { StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import type { SeedStep } from '../../state/seed-plan.js'
import { migrationStatus, type MigrationStatus } from '../../state/status.js'
import { locksOf } from '../live/connect.js'
import { makeHistory, type FoundHistory } from '../live/history.js'
import { statusReport, stepReport, targetReport } from '../live/report.js'
import type { Run } from '../live/run.js'
import { stoppedBy, type ConnectedTarget } from '../live/target.js'

/**
 * `connected`: the target with the history of its migrations. `found`: the history of its seeds. `status`: their
 * status. `found` and `status` are undefined if it has no seeds.
 */
export type PlannedSeeds = {
  readonly connected: ConnectedTarget
  readonly found?: FoundHistory
  readonly status?: MigrationStatus
  readonly steps: readonly SeedStep[]
  readonly stopped?: undefined
}

/** `cost` is the cost of bcrypt. */
type SeedSteps = {
  readonly connected: ConnectedTarget
  readonly found: FoundHistory
  readonly steps: readonly SeedStep[]
  readonly cost: number
}

/** Never rejects for the outcome of a seed. The output of the seeds is in the notes, by their ids. */
export async function applySeeds(run: Run, seeding: SeedSteps): Promise<TargetReport> {
  const { connected, steps } = seeding
  const { target, read } = connected
  const { clock } = run.world
  const start = clock.elapsed()
  const done: StepReport[] = []
  const notes: string[] = [...seeding.found.notes]
  let { found } = seeding
  let stopped: Stopped | undefined
  try {
    if (connected.found.exists) await target.lock(locksOf(connected))
    try {
      found = await makeHistory({ target, read, found }, 'seed')
      await runAll(run, { ...seeding, found }, { done, notes })
    } finally {
      await target.unlock().catch(() => undefined)
    }
  } catch (error) {
    stopped = stoppedBy(error)
    done.push(...steps.slice(done.length).map((step) => stepReport(step, 'not started')))
  }
  const after = await seedStatus({ target, read, found }).catch(() => undefined)
  return targetReport(
    run,
    { read, target, found },
    {
      standing: after && statusReport(after, read.seeds),
      steps: done,
      notes,
      stopped,
      milliseconds: clock.elapsed() - start,
    },
  )
}

async function runAll(
  run: Run,
  seeding: SeedSteps,
  { done, notes }: { readonly done: StepReport[]; readonly notes: string[] },
): Promise<void> {
  const { connected, found, steps } = seeding
  const { target, read } = connected
  const { signal, progress } = run.world
  const { name, journal } = read.config
  const noJournal = journal === 'off' ? 'off' : await target.prepareJournal()
  // Read under the locks: every step depends on this fingerprint of the history.
  await seedStatus({ target, read, found })
  let stopped = false
  for (const step of steps) {
    stopped ||= signal.aborted
    if (stopped) {
      done.push(stepReport(step, 'not started'))
      continue
    }
    const log = noteTaker(step.migration.id, notes)
    const report = await runOne({ run, seeding, step, kept: noJournal === undefined, log })
    done.push(report)
    stopped = report.outcome === 'failed' || report.outcome === 'unknown'
    progress.move(name, done.length, steps.length)
  }
}

/** The most lines of output of one seed, and the most characters of a line, in the report. */
const MOST_LINES = 50
const MOST_CHARACTERS = 500

function noteTaker(id: string, notes: string[]): (line: string) => void {
  let lines = 0
  return (line) => {
    lines += 1
    if (lines < MOST_LINES) notes.push(`${id}: ${line.slice(0, MOST_CHARACTERS)}`)
    if (lines === MOST_LINES) notes.push(`${id}: ... (the rest of its output is left out)`)
  }
}

type SeedInput = {
  readonly run: Run
  readonly seeding: SeedSteps
  readonly step: SeedStep
  /** Whether a journal is kept. */
  readonly kept: boolean
  readonly log: (line: string) => void
}

async function runOne(one: SeedInput): Promise<StepReport> {
  const { seeding, step } = one
  const { migration, direction } = step
  const report = stepReport(step, 'not started')
  const good = direction === 'up' ? 'applied' : 'undone'
  const again = 'Fix it, then run seed again.'
  const failed = (failure: ScriptFailure, milliseconds: number): StepReport => ({
    ...report,
    outcome: 'failed',
    failure: { ...failure, detail: undefined },
    milliseconds,
    fix: failure.hint ?? again,
  })
  const unknown = (what: string, milliseconds: number): StepReport => ({
    ...report,
    outcome: 'unknown',
    left: [what],
    milliseconds,
    fix: 'When the server is back, run seed again.',
  })
  const script = migration[direction]
  if (migration.module === undefined && script !== undefined) {
    const ran = await seeding.connected.target.run({ ...recording(one), script, direction, migration })
    if (ran.end === 'done') return { ...report, outcome: good, milliseconds: ran.milliseconds }
    if (ran.end === 'moved') throw moved()
    if (ran.end === 'cancelled') return report
    if (ran.end === 'unknown') return unknown(ran.what, ran.milliseconds)
    return { ...failed(ran.failure, ran.milliseconds), left: ran.traces }
  }
  if (migration.module === undefined) return failed(missing(direction, undefined), 0)
  const ran = await runInModule(one, migration.module.file)
  if (ran.ok) return { ...report, outcome: good, milliseconds: ran.milliseconds }
  return ran.unknown === undefined ? failed(ran.failure, ran.milliseconds) : unknown(ran.unknown, ran.milliseconds)
}

function runInModule({ run, seeding, step, kept, log }: SeedInput, file: string): ReturnType<typeof runModule> {
  const { connected, cost } = seeding
  const { target, environment } = connected
  const { direction, migration } = step
  const { modules, signal } = run.world
  const rest = { ...recording({ run, seeding, step, kept }), direction, migration }
  return runModule({
    file,
    direction,
    transact: (body) => target.transact(body, rest),
    call: (query) => modules.call({ file, direction, query, environment, cost, log, signal }),
  })
}

/** The rows of a seed in its history and, under a separate name, in the journal. */
function recording({ run, seeding, step, kept }: Omit<SeedInput, 'log'>): Pick<TargetStep, 'history' | 'journal'> {
  const { connected, found } = seeding
  const { migration, direction, left } = step
  const { history, table } = found
  const up = (): string => history.record(table, migration)
  const down = (): string => history.remove(table, migration, left)
  const acting = { ...run.actor, database: `${connected.read.config.name}/seeds` }
  return {
    history: {
      table,
      record: direction === 'up' ? up() : down(),
      begin: history.begin?.(table, migration, direction, left),
      forget: direction === 'up' ? down() : up(),
    },
    journal: kept ? { acting, before: left.at(-1)?.version } : undefined,
  }
}

const moved = (): UserError =>
  new UserError({
    kind: 'environment',
    what: 'another session changed the history of the seeds at the same time',
    fix: 'Find out what else runs seeds here, and run again when it has ended.',
  })

/** `found` is the history of the seeds: their status comes only from their own table. */
export async function seedStatus({
  target,
  found,
  read,
}: Pick<ConnectedTarget, 'target' | 'found' | 'read'>): Promise<MigrationStatus> {
  const rows = found.exists ? await target.rows({ table: found.table, read: found.history.read(found.table) }) : []
  return migrationStatus({ migrations: read.seeds?.migrations ?? [], history: found.history, rows, journal: [] })
}
