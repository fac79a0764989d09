// Proves a chain without faults in one sweep: all ups, all downs, all ups again, with the catalogue compared after each
// step.
import { stopIfCancelled } from '../model/errors.js'
import { compareSnapshots } from '../catalog/compare-snapshots.js'
import type { Snapshot } from '../catalog/snapshot.js'
import type { UpChange } from '../catalog/up-effect.js'
import type { History } from '../state/history.js'
import type { Direction, Migration, Script } from '../model/migration.js'
import type { ChainReport, Proof } from '../report/check-report.js'
import { AUDIT_EVERY, audit } from './audit.js'
import { judgeHistory } from './chain.js'
import type { Checkpoint } from './snapshot-tracker.js'
import { notRun, type StepResult } from './migration-report.js'
import type { WorkingCopy } from './scratch-copies.js'

/** A migration with both directions. */
export type SweepStep = { readonly migration: Migration; readonly up: Script; readonly down: Script }

/** `start` is the catalogue before the first up; `results` are those of the steps, in their order. */
export type SweepResult = {
  readonly start: Snapshot
  readonly results: readonly StepResult[]
  readonly chain: ChainReport
}

/** A chain that a sweep cannot judge, or would have to repeat, is proved step by step: then there are no steps here. */
export function sweepable(migrations: readonly Migration[]): readonly SweepStep[] {
  const steps = migrations.flatMap((migration) =>
    migration.up !== undefined && migration.down !== undefined && migration.irreversible === undefined
      ? [{ migration, up: migration.up, down: migration.down }]
      : [],
  )
  return steps.length === migrations.length ? steps : []
}

/**
 * Each down meets the state that its up left, and each second up the state that the first one met: the snapshots prove
 * that, and no row of a table was written that could make a difference. So the result for every migration equals that of
 * up, down and up in a row. It also covers the whole chain, with three runs of each migration instead of five. Undefined
 * as soon as any check fails; then the working copy cannot be used. The first ups are not audited; the second ups pass
 * through the same states and are.
 */
export async function sweep(options: {
  readonly place: WorkingCopy
  readonly steps: readonly SweepStep[]
  readonly history: History
  readonly signal: AbortSignal
  readonly progress: (share: number) => void
}): Promise<SweepResult | undefined> {
  const { place, steps, history } = options
  const { tracker } = place
  const empty = new Map(tracker.now)
  const took = steps.map(() => 0)
  let runs = 0
  /** Whether the script ran, wrote no row, and restored the goal where there is one. */
  const holds = async (at: number, script: Script, direction: Direction, goal?: Checkpoint): Promise<boolean> => {
    stopIfCancelled(options.signal)
    const ran = await place.run(script, direction)
    took[at] = (took[at] ?? 0) + ran.milliseconds
    options.progress(++runs / (3 * steps.length))
    return ran.ok && ran.rows === 'still' && (goal === undefined || tracker.since(goal).length === 0)
  }

  const before: Checkpoint[] = []
  const changes: UpChange[] = []
  for (const [at, { up }] of steps.entries()) {
    const moment = tracker.remember()
    before.push(moment)
    if (!(await holds(at, up, 'up'))) return undefined
    changes.push(tracker.changeSince(moment))
    tracker.forget(moment)
  }
  const head = new Map(tracker.now)
  const downMilliseconds = -sum(took)
  const after: Checkpoint[] = []
  for (const [back, { down }] of [...steps].reverse().entries()) {
    const at = steps.length - 1 - back
    const moment = tracker.remember()
    const goal = before[at]
    if (goal === undefined) return undefined
    after[at] = moment
    tracker.resume(goal)
    if (!(await holds(at, down, 'down', goal))) return undefined
    tracker.forget(goal)
    tracker.forget(moment)
  }
  await audit(place)
  if (compareSnapshots(empty, tracker.now).length > 0) return undefined
  for (const [at, { up }] of steps.entries()) {
    const goal = after[at]
    if (goal === undefined) return undefined
    tracker.resume(goal)
    if (!(await holds(at, up, 'up', goal))) return undefined
    tracker.forget(goal)
    if ((at + 1) % AUDIT_EVERY === 0 || at + 1 === steps.length) await audit(place)
  }
  if (compareSnapshots(head, tracker.now).length > 0) return undefined
  place.keep(steps.map(({ up }) => up))
  const migrations = steps.map(({ migration }) => migration)
  return {
    start: empty,
    results: took.map((milliseconds, at) => ({ proof: { ...PROVED, milliseconds }, change: changes[at] })),
    chain: {
      down: 'same',
      again: 'same',
      upToDate: await judgeHistory(place, history, migrations),
      downs: steps.length,
      stoppedAt: undefined,
      differences: [],
      againDifferences: [],
      failure: undefined,
      milliseconds: downMilliseconds + sum(took),
    },
  }
}

const PROVED: Proof = { ...notRun(''), reason: undefined, up: 'ok', down: 'same', again: 'same' }

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
