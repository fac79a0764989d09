// The steps of one target that was made ready, carried out and looked at afterwards.
import type { Observation } from '../../release/preview.js'
import type { Stopped, TargetReport } from '../../report/run-report.js'
import { fingerprint } from '../../catalog/portable.js'
import type { Snapshot } from '../../catalog/snapshot.js'
import { applyPlan } from '../live/apply-steps.js'
import type { Change } from '../live/change.js'
import { wentWrong } from '../live/in-turn.js'
import type { Running } from '../live/run.js'
import { readyReport, type Prepared } from './prepare.js'
import { stoppedBy } from '../live/target-report.js'
import { assertions, readPortable, verify } from './verify.js'

/** Under locks that are held. Never rejects for what came of a step. */
export async function carryOne(
  one: Prepared,
  options: {
    readonly running: Running
    readonly change: Change['plan']
    /** Whether this run itself has changed the same database under another name. */
    readonly changed?: boolean
  },
): Promise<TargetReport> {
  const { running, change } = options
  const { opened, stand, plan, looked, milliseconds } = one
  const { world } = running
  if (world.signal.aborted) {
    return readyReport(one, running, { outcome: 'not started', stopped: waits(one, 'the cancelled run') })
  }
  let before: Snapshot
  try {
    // A backup takes its time, in which somebody may have changed something.
    before = await readPortable(opened, looked.view)
    const moved = fingerprint(before) !== looked.sheet.live
    if (moved && options.changed !== true) {
      return readyReport(one, running, { outcome: 'not started', stopped: changedMeanwhile(opened.read.config.name) })
    }
  } catch (error) {
    return readyReport(one, running, { outcome: 'not started', stopped: stoppedBy(error) })
  }
  const report = await applyPlan({
    opened,
    stand,
    plan,
    running,
    spent: milliseconds,
    locks: 'held',
    change: { plan: change, moved: 'refuse' },
  })
  const told = { ...report, ahead: looked.ahead }
  if (wentWrong(report)) return told
  try {
    const expectation = looked.expectation && { ...looked.expectation, live: before }
    const seen = await verify({ opened, expectation, before, world, view: looked.view })
    const broken = seen.filter(({ result }) => result === 'broken')
    return { ...told, seen, ...(broken.length > 0 && { stopped: notSo(broken, report.name) }) }
  } catch (error) {
    return { ...told, stopped: stoppedBy(error) }
  }
}

/** One that a run before this one has carried out under the same plan: what that found is not passed over. */
export async function lookAfter(one: Prepared, running: Running): Promise<TargetReport> {
  const told = readyReport(one, running, { outcome: 'planned' })
  try {
    const seen = await assertions(one.opened, running.world)
    const broken = seen.filter(({ result }) => result === 'broken')
    return { ...told, seen, ...(broken.length > 0 && { stopped: notSo(broken, told.name) }) }
  } catch (error) {
    return { ...told, stopped: stoppedBy(error) }
  }
}

const changedMeanwhile = (name: string): Stopped => ({
  kind: 'refused',
  what: `${name}: the live schema was changed by somebody else while the backup was taken`,
  fix: 'Nothing was done to it. Look at what changed, and make a new plan.',
})

const notSo = (broken: readonly Observation[], name: string): Stopped => ({
  kind: 'refused',
  what: `${name}: ${broken.map((one) => `not so: ${one.what} (${one.seen})`).join('; ')}`,
  fix: 'All steps are committed. Look at the difference, then go on or take them back.',
})

/** Why one that has something to do was not begun. */
export const waits = ({ plan }: Prepared, because: string | undefined): Stopped | undefined =>
  because === undefined || plan.steps.length === 0
    ? undefined
    : { kind: 'not started', what: `not started, because of ${because}`, fix: 'It comes next when that is mended.' }
