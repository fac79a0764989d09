// The verdict, exit code and counts of a run, from the reports of all targets. Pure.
import type { LiveCounts, LiveReport, LiveVerdict, StepReport, TargetReport } from './run-report.js'

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

type VerdictInput = { targets: readonly TargetReport[]; cancelled: boolean; short: boolean }

/**
 * `unfinished` if the run made a change, and something else that was asked failed or has an unknown outcome. Otherwise
 * the worst of the rest. `short`: the targets are not as asked (`status --check`, a refused plan).
 */
export function decideLive(deciding: Readonly<VerdictInput>): Pick<LiveReport, 'verdict' | 'exitCode'> {
  const verdict = verdictOf(deciding)
  return { verdict, exitCode: EXIT_CODES[verdict] }
}

function verdictOf({ targets, cancelled, short }: VerdictInput): LiveVerdict {
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
  return trouble || waiting || short ? 'fail' : 'pass'
}

/** Steps of all targets by outcome. An unknown outcome counts as failed. */
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

/** Whether no further target should start. */
export const wentWrong = ({ steps, stopped }: TargetReport): boolean =>
  stopped !== undefined || steps.some(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
