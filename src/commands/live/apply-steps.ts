// The steps of one target, one after another, under its locks.
import { UserError } from '../../model/errors.js'
import type { StepReport, Stopped, TargetReport } from '../../report/run-report.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { repairWords } from '../../state/refusals.js'
import type { Plan, Step } from '../../state/plan.js'
import { failureWithoutData, LOCK_NOT_AVAILABLE } from '../../report/redact-data.js'
import { INSUFFICIENT_PRIVILEGE } from '../../sql/missing-privilege.js'
import type { TargetRan, TargetStep } from '../../ports/target.js'
import type { Change } from './change.js'
import type { Running } from './run.js'
import { locksOf, makeTables } from './bookkeeping-tables.js'
import { actingOf, planningOf, readStand, type Opened, type Stand } from './connect.js'
import { standingReport, stepReport, stoppedBy, targetReport } from './target-report.js'

/** A history that others keep changing is left alone after so many plans. */
const PLANS = 10

type Applying = {
  readonly opened: Opened
  readonly stand: Stand
  readonly plan: Plan
  readonly change: Pick<Change, 'plan' | 'moved'>
  readonly running: Running
  /** Milliseconds that went into the plan. */
  readonly spent: number
  /** Whoever holds the locks already lets go of them, too. */
  readonly locks?: 'held'
}

type Done = {
  readonly steps: StepReport[]
  readonly notes: string[]
  stand: Stand
  stopped: Stopped | undefined
  opened: Opened
}

/** Never rejects for what came of a step; the standing in the report is the one afterwards, as far as it could be read. */
export async function applyPlan(applying: Applying): Promise<TargetReport> {
  const { opened, plan, running } = applying
  const { clock } = running.world
  const start = clock.elapsed()
  const notes = [...opened.found.notes, ...plan.notes]
  const done: Done = { steps: [], notes, stand: applying.stand, stopped: undefined, opened }
  try {
    await underLocks(applying, done)
  } catch (error) {
    done.stopped = isWrongUse(error) ? { kind: 'refused', what: error.message, fix: error.fix } : stoppedBy(error)
    const told = new Set(done.steps.map(({ id, direction }) => `${direction} ${id}`))
    const rest = plan.steps.filter(({ migration, direction }) => !told.has(`${direction} ${migration.id}`))
    done.steps.push(...rest.map((step) => stepReport(step, 'not started')))
  }
  const after = await readStand(done.opened).catch(() => undefined)
  return targetReport({
    read: opened.read,
    opened: done.opened,
    environment: opened.environment,
    standing: after && standingReport(after.standing),
    steps: done.steps,
    notes: done.notes,
    stopped: done.stopped,
    milliseconds: applying.spent + clock.elapsed() - start,
  })
}

/** A version that the tool's table has no place for: known only when its row is to be written. */
const isWrongUse = (error: unknown): error is UserError => error instanceof UserError && error.kind === 'use'

async function underLocks(applying: Applying, done: Done): Promise<void> {
  const { opened } = applying
  const { target } = opened
  if (applying.locks !== 'held') await target.lock(locksOf(opened))
  try {
    const { ready, journal, notes } = await makeTables(opened)
    done.opened = ready
    done.notes.push(...notes)
    await goThrough(applying, done, journal)
  } finally {
    if (applying.locks !== 'held') await target.unlock().catch(() => undefined)
  }
}

async function goThrough(applying: Applying, done: Done, journal: 'on' | 'off'): Promise<void> {
  const { running, change } = applying
  const { signal, progress } = running.world
  const name = done.opened.read.config.name
  for (let plans = 1; ; plans++) {
    // Under the locks, and with the rows that every step of this plan rests on.
    done.stand = await readStand(done.opened)
    const plan = change.plan(planningOf(done.opened, done.stand))
    refuseMoved(applying, plan)
    const total = done.steps.length + plan.steps.length
    const end = await runSteps(plan.steps, {
      cancelled: () => signal.aborted,
      make: (step) => stepOf(step, done.opened, journal, running),
      run: (step, next) => done.opened.target.run(step, next),
      report: (step, ran) => {
        done.steps.push(reportOf(step, ran, done, running))
        progress.move(name, done.steps.length, total)
      },
    })
    if (end === 'ended') return
    if (change.moved === 'refuse' || plans >= PLANS) throw movesOn()
    done.notes.push('somebody else changed the history in the meantime, so the rest was planned anew')
  }
}

/** What was fine before the locks were taken may not be any more; and what takes back must be what was planned. */
function refuseMoved({ change, plan: before }: Applying, plan: Plan): void {
  const [first] = plan.refused
  if (first !== undefined) throw new UserError({ kind: 'environment', what: first.what, fix: first.fix })
  const names = ({ steps }: Plan): string =>
    steps.map(({ migration, direction }) => `${direction} ${migration.id}`).join()
  if (change.moved === 'refuse' && names(plan) !== names(before)) throw movesOn()
}

const movesOn = (): UserError =>
  new UserError({
    kind: 'environment',
    what: 'somebody else changes the history at the same time',
    fix: 'See what else applies migrations here, and run again when it has ended.',
  })

async function runSteps(
  steps: readonly Step[],
  how: {
    readonly cancelled: () => boolean
    readonly make: (step: Step) => TargetStep
    readonly run: (step: TargetStep, next: TargetStep | undefined) => Promise<TargetRan>
    readonly report: (step: Step, ran: TargetRan | undefined) => void
  },
): Promise<'ended' | 'moved'> {
  let stopped = false
  let ahead: TargetStep | undefined
  for (const [at, step] of steps.entries()) {
    stopped ||= how.cancelled()
    if (stopped) {
      how.report(step, undefined)
      continue
    }
    const own = ahead ?? how.make(step)
    ahead = madeAhead(steps[at + 1], how.make)
    const ran = await how.run(own, ahead)
    if (ran.end === 'moved') return 'moved'
    how.report(step, ran)
    stopped = ran.end !== 'done'
  }
  return 'ended'
}

/** One that cannot be made is told when its turn comes, not by the one before it. */
function madeAhead(step: Step | undefined, make: (step: Step) => TargetStep): TargetStep | undefined {
  try {
    return step && make(step)
  } catch (error) {
    if (isWrongUse(error)) return undefined
    throw error
  }
}

function stepOf(step: Step, opened: Opened, journal: 'on' | 'off', { world, plan }: Running): TargetStep {
  const { migration, direction, newest } = step
  const { history, table } = opened.found
  const up = (): string => history.record(table, migration)
  const down = (): string => history.remove(table, migration, step.left)
  const marks = history.begin && {
    begin: history.begin(table, migration, direction, step.left),
    forget: direction === 'up' ? down() : up(),
  }
  return {
    script: step.script,
    direction,
    migration,
    history: {
      table,
      record: direction === 'up' ? up() : down(),
      ...(marks ?? { begin: undefined, forget: undefined }),
    },
    journal: journal === 'on' ? { acting: { ...actingOf(opened, world), plan }, before: newest?.version } : undefined,
  }
}

/** `ran` is undefined for a step that was not started. */
function reportOf(step: Step, ran: TargetRan | undefined, { opened }: Done, running: Running): StepReport {
  const { migration, direction, script } = step
  const report = stepReport(step, 'not started')
  if (ran === undefined || ran.end === 'moved' || ran.end === 'cancelled') return report
  const milliseconds = ran.milliseconds
  if (ran.end === 'done') return { ...report, outcome: direction === 'up' ? 'applied' : 'undone', milliseconds }
  const { about, production } = opened
  const repair = repairWords({
    about,
    production,
    migrations: opened.read.schema.migrations,
    applied: step.left,
    dirty: { key: migration.version, migration, direction },
  })
  if (ran.end === 'unknown') {
    const fix = `When the server is back, run: pg-migration-gate status ${about}. ${ran.traces.length > 0 ? repair : ''}`
    return { ...report, outcome: 'unknown', left: [ran.what, ...ran.traces], fix: fix.trim(), milliseconds }
  }
  const failure = opened.production || running.plan !== undefined ? failureWithoutData(ran.failure) : ran.failure
  if (ran.left === 'nothing') {
    const fix = fixOf(ran.failure, script.file, running)
    return { ...report, outcome: 'failed', failure, fix, milliseconds }
  }
  const left = ran.traces.length > 0 ? ran.traces : ['some of it may be there']
  return { ...report, outcome: 'failed', failure, left, fix: `Look at the database. ${repair}`, milliseconds }
}

/** What somebody does who finds a step rolled back. A plan was approved with the text that failed. */
function fixOf({ environment, sqlstate, direction }: ScriptFailure, file: string, { request, plan }: Running): string {
  // What redo took back is taken back: once more it would go one migration further down.
  const again = request.command === 'redo' && direction === 'up' ? 'run up' : `run ${request.command} again`
  if (sqlstate === LOCK_NOT_AVAILABLE) return `Wait until the lock is free, then ${again}.`
  if (environment !== undefined && sqlstate === INSUFFICIENT_PRIVILEGE) return `Give it that right, then ${again}.`
  if (environment !== undefined) return `Then ${again}.`
  return plan === undefined
    ? `Mend ${file}, then ${again}.`
    : `Mend ${file} and approve a new plan; or mend the cause elsewhere, then ${again}.`
}
