// What all targets together come to: verdict, exit code, counts.
import type { LiveCounts, LiveReport, LiveVerdict, StepReport, TargetReport } from '../core/live-report.js'

const EXIT_CODES: Readonly<Record<LiveVerdict, number>> = {
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
