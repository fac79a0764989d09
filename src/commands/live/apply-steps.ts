// Applies the steps of one planned target, one after another, under its locks.
import type { Impact } from '../../impact/facts.js'
import { unforeseen } from '../../impact/unforeseen.js'
import { UserError } from '../../model/errors.js'
import type { TargetStepResult, TargetStep } from '../../ports/target.js'
import type { Stopped, TargetReport } from '../../report/run-report.js'
import type { Plan, Step } from '../../state/plan.js'
import { locksOf } from './connect.js'
import { planInput, type Planner } from './plan.js'
import { resultReport, statusReport, targetReport, type StepResult } from './report.js'
import type { Run } from './run.js'
import { readStatus } from './status.js'
import { makeTables } from './history.js'
import { stoppedBy, type ConnectedTarget, type PlannedTarget } from './target.js'

/** The run gives up after this many plans if other sessions keep changing the history. */
const PLANS = 10

/**
 * The `planner` plans once more under the locks. `moved`: what to do if another run changed the history in between:
 * plan the rest again, or refuse. `locks`: the run already holds them, and releases them itself. `approved`: the digest
 * of the approved plan. `foreseen`: what the steps of the plan did in their dry run, in their order; what they do beyond that is
 * a note.
 */
export type ApplyOptions = {
  readonly planner: Planner
  readonly moved: 'plan again' | 'refuse'
  readonly locks?: 'held'
  readonly approved?: string
  readonly foreseen?: readonly (Impact | undefined)[]
}

type ApplyInput = { run: Run; planned: PlannedTarget; options: ApplyOptions }

/** What is known so far, for the report. */
type Progress = {
  connected: ConnectedTarget
  results: StepResult[]
  notes: string[]
  stopped: Stopped | undefined
}

/** Never rejects for the outcome of a step. The report has the status afterwards, if it could be read. */
export async function applySteps(run: Run, planned: PlannedTarget, options: ApplyOptions): Promise<TargetReport> {
  const { plan } = planned
  const { clock } = run.world
  const start = clock.elapsed()
  const done: Progress = {
    connected: planned,
    results: [],
    notes: [...planned.found.notes, ...plan.notes],
    stopped: undefined,
  }
  try {
    await underLocks({ run, planned, options }, done)
  } catch (error) {
    done.stopped = isWrongUse(error) ? { kind: 'refused', what: error.message, fix: error.fix } : stoppedBy(error)
    const known = new Set(done.results.map(({ step }) => nameOf(step)))
    const rest = plan.steps.filter((step) => !known.has(nameOf(step)))
    done.results.push(...rest.map((step) => ({ step, ran: undefined })))
  }
  const after = await readStatus(done.connected).catch(() => undefined)
  const how = { command: run.request.command, approved: options.approved !== undefined }
  return targetReport(run, done.connected, {
    standing: after && statusReport(after, done.connected.read.schema),
    steps: done.results.map((result) => resultReport(result, done.connected, how)),
    notes: done.notes,
    stopped: done.stopped,
    milliseconds: planned.milliseconds + clock.elapsed() - start,
  })
}

const nameOf = ({ migration, direction }: Step): string => `${direction} ${migration.id}`

/** A version that the tool's table cannot hold: known only when its row is built. */
const isWrongUse = (error: unknown): error is UserError => error instanceof UserError && error.kind === 'use'

async function underLocks(applying: ApplyInput, done: Progress): Promise<void> {
  const { planned, options } = applying
  const { target } = planned
  if (options.locks !== 'held') await target.lock(locksOf(planned))
  try {
    await applyAll(applying, done)
  } finally {
    if (options.locks !== 'held') await target.unlock().catch(() => undefined)
  }
}

async function applyAll({ run, planned, options }: ApplyInput, done: Progress): Promise<void> {
  const { signal, progress } = run.world
  const { connected, journal, notes } = await makeTables(planned)
  done.connected = connected
  done.notes.push(...notes)
  for (let plans = 1; ; plans++) {
    // Read under the locks: every step of this plan depends on these rows.
    const status = await readStatus(connected)
    const plan = options.planner(planInput(connected, status), status)
    refuseMoved(plan, { before: planned.plan, moved: options.moved })
    const total = done.results.length + plan.steps.length
    const end = await runSteps(plan.steps, {
      cancelled: () => signal.aborted,
      make: (step) => targetStep(step, connected, { run, journal, approved: options.approved }),
      run: (step, next) => connected.target.run(step, next),
      report: (result) => {
        done.results.push(result)
        done.notes.push(...beyondDryRun(result, planned.plan, options))
        progress.move(connected.read.config.name, done.results.length, total)
      },
    })
    if (end === 'ended') return
    if (options.moved === 'refuse' || plans >= PLANS) throw keepsMoving()
    done.notes.push('another run changed the history in the meantime, so the rest was planned again')
  }
}

/** A sentence for each thing that the step did to the database in use, and not to the copy. */
function beyondDryRun(
  { step, ran }: StepResult,
  { steps }: Plan,
  { foreseen = [] }: Pick<ApplyOptions, 'foreseen'>,
): readonly string[] {
  const impact = foreseen[steps.findIndex((one) => nameOf(one) === nameOf(step))]
  if (impact === undefined || ran?.end !== 'done') return []
  return unforeseen(impact, ran.touched ?? []).map((what) => `${step.migration.id}: ${what}`)
}

/** The status may have changed before the locks. A command that rolls back runs only the steps that it planned. */
function refuseMoved(plan: Plan, { before, moved }: { before: Plan; moved: ApplyOptions['moved'] }): void {
  const [first] = plan.refused
  if (first !== undefined) throw new UserError({ kind: 'environment', what: first.what, fix: first.fix })
  const names = ({ steps }: Plan): string => steps.map(nameOf).join()
  if (moved === 'refuse' && names(plan) !== names(before)) throw keepsMoving()
}

const keepsMoving = (): UserError =>
  new UserError({
    kind: 'environment',
    what: 'another session changes the history at the same time',
    fix: 'Find out what else applies migrations here, and run again when it has ended.',
  })

async function runSteps(
  steps: readonly Step[],
  how: {
    readonly cancelled: () => boolean
    readonly make: (step: Step) => TargetStep
    readonly run: (step: TargetStep, next: TargetStep | undefined) => Promise<TargetStepResult>
    readonly report: (result: StepResult) => void
  },
): Promise<'ended' | 'moved'> {
  let stopped = false
  let following: TargetStep | undefined
  for (const [at, step] of steps.entries()) {
    stopped ||= how.cancelled()
    if (stopped) {
      how.report({ step, ran: undefined })
      continue
    }
    const own = following ?? how.make(step)
    following = makeNext(steps[at + 1], how.make)
    const ran = await how.run(own, following)
    if (ran.end === 'moved') return 'moved'
    how.report({ step, ran })
    stopped = ran.end !== 'done'
  }
  return 'ended'
}

/** A step that cannot be built is reported at its own turn, not by the step before it. */
function makeNext(step: Step | undefined, make: (step: Step) => TargetStep): TargetStep | undefined {
  try {
    return step && make(step)
  } catch (error) {
    if (isWrongUse(error)) return undefined
    throw error
  }
}

function targetStep(
  step: Step,
  { read, found }: ConnectedTarget,
  how: { run: Run; journal: 'on' | 'off'; approved: string | undefined },
): TargetStep {
  const { migration, direction, newest } = step
  const { history, table } = found
  const up = (): string => history.record(table, migration)
  const down = (): string => history.remove(table, migration, step.left)
  const begin = history.begin?.(table, migration, direction, step.left)
  const acting = { ...how.run.actor, database: read.config.name, plan: how.approved }
  return {
    script: step.script,
    direction,
    migration,
    history: {
      table,
      record: direction === 'up' ? up() : down(),
      begin,
      forget: begin === undefined ? undefined : direction === 'up' ? down() : up(),
    },
    journal: how.journal === 'on' ? { acting, before: newest?.version } : undefined,
  }
}
