// The seeds of one target, one after another, under the locks of its migrations.
import { UserError } from '../../model/errors.js'
import type { StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import type { ScriptFailure } from '../../report/check-report.js'
import type { SeedStep } from '../../state/seed-plan.js'
import type { TargetStep } from '../../ports/target.js'
import { missing, runModule } from '../../prove/seed-module.js'
import { findHistory, type FoundHistory } from '../live/history.js'
import type { Running } from '../live/run.js'
import { actingOf, type Opened } from '../live/connect.js'
import { standingReport, stepReport, stoppedBy, targetReport } from '../live/target-report.js'
import { type Standing, standingOf } from '../../state/status.js'

/** `opened` is the target with the history of its migrations, `found` that of its seeds; `cost` is that of bcrypt. */
export type Seeding = {
  readonly opened: Opened
  readonly found: FoundHistory
  readonly steps: readonly SeedStep[]
  readonly running: Running
  readonly cost: number
}

/** Never rejects for what came of a seed. What the seeds said stands among the notes, by their ids. */
export async function applySeeds(seeding: Seeding): Promise<TargetReport> {
  const { opened, steps, running } = seeding
  const { clock } = running.world
  const start = clock.elapsed()
  const done: StepReport[] = []
  const notes: string[] = [...seeding.found.notes]
  let found = seeding.found
  let stopped: Stopped | undefined
  try {
    const { history, schema, name, exists } = opened.found
    const { target } = opened
    if (exists) await target.lock(history.locks({ schema, table: name, database: target.database }))
    try {
      found = await ensureTable(opened, seeding.found)
      await runAll({ ...seeding, found }, done, notes)
    } finally {
      await target.unlock().catch(() => undefined)
    }
  } catch (error) {
    stopped = stoppedBy(error)
    done.push(...steps.slice(done.length).map((step) => stepReport(step, 'not started')))
  }
  const after = await seedStanding({ ...opened, found }).catch(() => undefined)
  return targetReport({
    read: opened.read,
    opened: { ...opened, found },
    environment: opened.environment,
    standing: after && standingReport(after),
    steps: done,
    notes,
    stopped,
    milliseconds: clock.elapsed() - start,
  })
}

async function ensureTable({ target, read }: Opened, found: FoundHistory): Promise<FoundHistory> {
  if (found.exists) return found
  try {
    await target.write(found.history.create(found.table))
  } catch (error) {
    const now = await findHistory({ target, read, stream: 'seed' })
    if (!now.exists) throw error
  }
  return { ...found, exists: true }
}

async function runAll(seeding: Seeding, done: StepReport[], notes: string[]): Promise<void> {
  const { opened, steps, running } = seeding
  const { signal, progress } = running.world
  const { name, journal } = opened.read.config
  const noJournal = journal === 'off' ? 'off' : await opened.target.prepareJournal()
  // Under the locks: the mark that every step rests on.
  await seedStanding({ ...opened, found: seeding.found })
  let stopped = false
  for (const step of steps) {
    stopped ||= signal.aborted
    if (stopped) {
      done.push(stepReport(step, 'not started'))
      continue
    }
    const log = noteTaker(step.migration.id, notes)
    const report = await runOne({ seeding, step, kept: noJournal === undefined, log })
    done.push(report)
    stopped = report.outcome === 'failed' || report.outcome === 'unknown'
    progress.move(name, done.length, steps.length)
  }
}

/** So many lines of a seed, and so much of each, are told. */
const MOST_LINES = 50
const MOST_CHARACTERS = 500

function noteTaker(id: string, notes: string[]): (line: string) => void {
  let lines = 0
  return (line) => {
    lines += 1
    if (lines < MOST_LINES) notes.push(`${id}: ${line.slice(0, MOST_CHARACTERS)}`)
    if (lines === MOST_LINES) notes.push(`${id}: ... (what it says after this is not told)`)
  }
}

type One = {
  readonly seeding: Seeding
  readonly step: SeedStep
  /** Whether a journal is kept. */
  readonly kept: boolean
  readonly log: (line: string) => void
}

async function runOne(one: One): Promise<StepReport> {
  const { seeding, step } = one
  const { migration, direction } = step
  const report = stepReport(step, 'not started')
  const good = direction === 'up' ? 'applied' : 'undone'
  const again = 'Mend it, then run seed again.'
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
    const ran = await seeding.opened.target.run({ ...recording(one), script, direction, migration })
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

function runInModule({ seeding, step, kept, log }: One, file: string): ReturnType<typeof runModule> {
  const { opened, running, cost } = seeding
  const { direction, migration } = step
  const { modules, signal } = running.world
  const rest = { ...recording({ seeding, step, kept }), direction, migration }
  return runModule({
    file,
    direction,
    transact: (body) => opened.target.transact(body, rest),
    call: (query) => modules.call({ file, direction, query, environment: opened.environment, cost, log, signal }),
  })
}

/** The rows that a seed leaves in its history and, under a name of its own, in the journal. */
function recording({ seeding, step, kept }: Omit<One, 'log'>): Pick<TargetStep, 'history' | 'journal'> {
  const { opened, found, running } = seeding
  const { migration, direction, left } = step
  const { history, table } = found
  const up = (): string => history.record(table, migration)
  const down = (): string => history.remove(table, migration, left)
  const acting = { ...actingOf(opened, running.world), database: `${opened.read.config.name}/seeds` }
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
    what: 'somebody else changed the history of the seeds at the same time',
    fix: 'See what else runs seeds here, and run again when it has ended.',
  })

// Where the seeds of a database stand.
/** `found` is the history of the seeds: they are held against their own table alone. */
export async function seedStanding({
  target,
  found,
  read,
}: Pick<Opened, 'target' | 'found' | 'read'>): Promise<Standing> {
  const rows = found.exists ? await target.rows({ table: found.table, read: found.history.read(found.table) }) : []
  return standingOf({ migrations: read.seeds?.migrations ?? [], history: found.history, rows, journal: [] })
}
