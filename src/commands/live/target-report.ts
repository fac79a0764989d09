// What became of one target, as it stands in the report.
import type { Difference } from '../../catalog/difference.js'
import { UserError } from '../../model/errors.js'
import type {
  LiveCounts,
  LiveReport,
  LiveVerdict,
  StandingReport,
  StepReport,
  Stopped,
  TargetReport,
} from '../../report/run-report.js'
import type { Step } from '../../state/plan.js'
import type { Standing } from '../../state/status.js'
import type { Opened } from './connect.js'
import type { ReadDatabase } from '../shared/read-database.js'

/** A step of which nothing more is known than its outcome. */
export const stepReport = (
  { migration, direction }: Pick<Step, 'migration' | 'direction'>,
  outcome: StepReport['outcome'],
): StepReport => ({
  id: migration.id,
  version: migration.version,
  direction,
  outcome,
  milliseconds: 0,
  failure: undefined,
  left: [],
  fix: undefined,
})

/** `drift` is left out where the live schema was not compared. */
export const standingReport = (standing: Standing, drift?: readonly Difference[]): StandingReport => ({
  applied: standing.applied.map(({ migration, at, by, milliseconds, recorded }) => {
    return { id: migration.id, version: migration.version, at, by, milliseconds, ...(recorded && { recorded }) }
  }),
  pending: standing.pending.map(({ id }) => id),
  late: standing.late.map(({ id }) => id),
  missing: standing.missing,
  edited: standing.edited.map(({ migration }) => migration.id),
  dirty: standing.dirty === undefined ? undefined : (standing.dirty.migration?.id ?? standing.dirty.key),
  repeated: standing.repeated,
  drift,
})

/** `opened` and `standing` are undefined where it did not come to that. */
export function targetReport(options: {
  readonly read: ReadDatabase
  readonly environment: string
  readonly opened: Opened | undefined
  readonly standing: StandingReport | undefined
  readonly steps: readonly StepReport[]
  readonly notes: readonly string[]
  readonly stopped: Stopped | undefined
  readonly milliseconds: number
}): TargetReport {
  const { read, opened } = options
  return {
    name: read.config.name,
    folder: read.config.folder,
    layout: read.schema.layout.name,
    place: opened?.target.place,
    version: opened?.target.version,
    environment: options.environment,
    history: opened && {
      kind: opened.found.history.kind,
      table: `${opened.found.schema}.${opened.found.name}`,
      exists: opened.found.exists,
    },
    standing: options.standing,
    steps: options.steps,
    notes: options.notes,
    stopped: options.stopped,
    milliseconds: options.milliseconds,
  }
}

/** An error that belongs to one target, on one line each. Wrong use and bugs of ours are nobody's result. */
export function stoppedBy(error: unknown): Stopped {
  if (!(error instanceof UserError) || error.kind === 'use') throw error
  const kind = error.kind === 'cancelled' ? 'not started' : 'environment'
  return { kind, what: error.message.replaceAll(/\s*\n\s*/g, ' '), fix: error.fix }
}

// What all targets together come to: verdict, exit code, counts.
const EXIT_CODES: Readonly<Record<LiveVerdict, LiveReport['exitCode']>> = {
  pass: 0,
  fail: 1,
  environment: 3,
  unfinished: 4,
  cancelled: 130,
}

const DONE = new Set(['applied', 'undone', 'recorded'])

/** A step that changed the target, or may have. */
const changed = ({ outcome, left }: StepReport): boolean =>
  DONE.has(outcome) || outcome === 'unknown' || (outcome === 'failed' && left.length > 0)

/**
 * `unfinished` when something was changed and something else asked for was not done, or nobody knows; otherwise the worst
 * of the rest. `short` says that what stands is not what was asked for (`status --check`).
 */
export function decideLive(options: {
  readonly targets: readonly TargetReport[]
  readonly cancelled: boolean
  readonly short?: boolean
}): Pick<LiveReport, 'verdict' | 'exitCode'> {
  const verdict = verdictOf(options)
  return { verdict, exitCode: EXIT_CODES[verdict] }
}

function verdictOf({ targets, cancelled, short }: Parameters<typeof decideLive>[0]): LiveVerdict {
  const steps = targets.flatMap((target) => target.steps)
  const failed = steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const stopped = targets.flatMap((target) => target.stopped ?? [])
  const waiting = steps.some(({ outcome }) => outcome === 'not started')
  const trouble = failed.length > 0 || stopped.some(({ kind }) => kind !== 'not started')
  if (cancelled && !trouble && (waiting || stopped.length > 0)) return 'cancelled'
  if (failed.some(({ outcome }) => outcome === 'unknown')) return 'unfinished'
  if ((trouble || waiting) && steps.some(changed)) return 'unfinished'
  if (stopped.some(({ kind }) => kind === 'environment')) return 'environment'
  if (failed.some(({ failure }) => failure?.environment !== undefined)) return 'environment'
  return trouble || waiting || short === true ? 'fail' : 'pass'
}

/** Steps of all targets, by how they ended; those of unknown end count as failed. */
export function countLive(targets: readonly TargetReport[]): LiveCounts {
  const steps = targets.flatMap((target) => target.steps)
  const of = (outcomes: readonly string[]): number => steps.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    databases: targets.length,
    done: of([...DONE]),
    failed: of(['failed', 'unknown']),
    waiting: of(['not started', 'planned']),
  }
}
