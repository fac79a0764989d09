// A chain in which everything holds, proved in one sweep: all ups, all downs, all ups again, each step looked at.
import { compareSnapshots } from '../core/compare.js'
import { sameness } from '../core/difference.js'
import type { History } from '../core/history.js'
import type { Direction, Migration, Script } from '../core/migration.js'
import type { ChainReport, Proof } from '../core/report.js'
import { stopIfCancelled } from './cancel.js'
import { judgeHistory } from './chain.js'
import type { Moment } from './tracker.js'
import type { Workplace } from './workplace.js'

type Step = { readonly migration: Migration; readonly up: Script; readonly down: Script }
export type Swept = { readonly proofs: readonly Proof[]; readonly chain: ChainReport }

/** What a sweep could not tell apart or would have to repeat is proved step by step: then there are no steps here. */
export function sweepable(migrations: readonly Migration[]): readonly Step[] {
  const steps = migrations.flatMap((migration) =>
    migration.up !== undefined && migration.down !== undefined && migration.irreversible === undefined
      ? [{ migration, up: migration.up, down: migration.down }]
      : [],
  )
  return steps.length === migrations.length ? steps : []
}

/**
 * Each down meets the state that its up left, and each second up the state that the first one met: the snapshots say so,
 * and no row of a table was written that could make a difference. So this tells of every migration what up, down and up
 * in a row would tell, and of the whole chain at once, with three runs of each instead of five. Undefined as soon as
 * anything does not hold; the workplace is of no use then. `audit` holds the pieced-together snapshot against the
 * whole one; the second ups pass through every state of the first.
 */
export async function sweep(options: {
  readonly place: Workplace
  readonly steps: readonly Step[]
  readonly history: History
  readonly signal: AbortSignal
  readonly audit: () => Promise<void>
  readonly progress: (share: number) => void
}): Promise<Swept | undefined> {
  const { place, steps, history, audit } = options
  const { tracker } = place
  const empty = new Map(tracker.now)
  const took = steps.map(() => 0)
  let runs = 0
  /** Whether the script ran, wrote no row, and left what the moment remembers (where there is one). */
  const holds = async (at: number, script: Script, direction: Direction, before: Moment, is: boolean) => {
    stopIfCancelled(options.signal)
    const ran = await place.run(script, direction)
    took[at] = (took[at] ?? 0) + ran.milliseconds
    options.progress(++runs / (3 * steps.length))
    return ran.ok && ran.rows === 'still' && (!is || tracker.since(before).length === 0)
  }

  const before: Moment[] = []
  for (const [at, { up }] of steps.entries()) {
    const moment = tracker.remember()
    before.push(moment)
    if (!(await holds(at, up, 'up', moment, false))) return undefined
    tracker.forget(moment)
  }
  const head = new Map(tracker.now)
  const downMilliseconds = -sum(took)
  const after: Moment[] = []
  for (const [back, { down }] of [...steps].reverse().entries()) {
    const at = steps.length - 1 - back
    const [moment, goal] = [tracker.remember(), before[at]]
    if (goal === undefined) return undefined
    after[at] = moment
    tracker.resume(goal)
    if (!(await holds(at, down, 'down', goal, true))) return undefined
    tracker.forget(goal)
    tracker.forget(moment)
  }
  await audit()
  const differences = compareSnapshots(empty, tracker.now)
  for (const [at, { up }] of steps.entries()) {
    const goal = after[at]
    if (goal === undefined) return undefined
    tracker.resume(goal)
    if (!(await holds(at, up, 'up', goal, true))) return undefined
    tracker.forget(goal)
    if ((at + 1) % AUDIT_EVERY === 0 || at + 1 === steps.length) await audit()
  }
  const againDifferences = compareSnapshots(head, tracker.now)
  if (differences.length + againDifferences.length > 0) return undefined
  place.keep(steps.map(({ up }) => up))
  const migrations = steps.map(({ migration }) => migration)
  return {
    proofs: took.map((milliseconds) => ({ ...PROVED, milliseconds })),
    chain: {
      down: sameness(differences),
      again: sameness(againDifferences),
      upToDate: await judgeHistory(place, history, migrations),
      downs: steps.length,
      stoppedAt: undefined,
      differences,
      againDifferences,
      failure: undefined,
      milliseconds: downMilliseconds + sum(took),
    },
  }
}

const AUDIT_EVERY = 250

const PROVED: Proof = {
  up: 'ok',
  down: 'same',
  again: 'same',
  differences: [],
  againDifferences: [],
  failure: undefined,
  reason: undefined,
  toldAt: undefined,
  milliseconds: 0,
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
