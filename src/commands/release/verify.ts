// The verification after the last step: the approved schema, the user's own assertions, and the smoke test.
import { compareWithExpected, type Expectation } from '../../catalog/expected.js'
import { invalidObjectsIn, type InvalidObject, type Snapshot } from '../../catalog/snapshot.js'
import { portable } from '../../catalog/portable.js'
import { UserError } from '../../model/errors.js'
import type { Observation, Stopped, TargetReport } from '../../report/run-report.js'
import { SMOKE_TEST } from '../../report/checklist.js'
import type { Run } from '../live/run.js'
import { stoppedBy, type ConnectedTarget, type PreviewedTarget } from '../live/target.js'
import { ASSERTIONS } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

const broken = (what: string, seen: string): Observation => ({ what, result: 'broken', seen })
const held = (what: string, seen: string): Observation => ({ what, result: 'held', seen })

/**
 * Adds the checks to the report of a target whose steps are done. It is stopped if a check fails. `before` is the live
 * catalogue before the first step.
 */
export async function verify(
  run: Run,
  one: PreviewedTarget,
  { report, before }: { readonly report: TargetReport; readonly before: Snapshot },
): Promise<TargetReport> {
  const { target, preview } = one
  try {
    const live = portable(await target.snapshot(), preview.view)
    const expectation = preview.expectation && { ...preview.expectation, live: before }
    const catalogue = [schema(live, expectation), soundness({ before, live, expectation })]
    return withObservations(report, [...catalogue, ...(await runAssertions(run, one))])
  } catch (error) {
    return { ...report, stopped: stoppedBy(error) }
  }
}

/** Verifies a target that an earlier run changed under the same plan, so its failed checks are not hidden. */
export async function verifyAgain(run: Run, one: PreviewedTarget, report: TargetReport): Promise<TargetReport> {
  try {
    return withObservations(report, await runAssertions(run, one))
  } catch (error) {
    return { ...report, stopped: stoppedBy(error) }
  }
}

function withObservations(report: TargetReport, seen: readonly Observation[]): TargetReport {
  const failing = seen.filter(({ result }) => result === 'broken')
  if (failing.length === 0) return { ...report, seen }
  const stopped: Stopped = {
    kind: 'refused',
    what: `${report.name}: ${failing.map((one) => `failed: ${one.what} (${one.seen})`).join('; ')}`,
    fix: 'All steps are committed. Look at the difference, then continue or roll them back.',
  }
  return { ...report, seen, stopped }
}

function schema(live: Snapshot, expectation: Expectation | undefined): Observation {
  const what = 'the schema is what was approved'
  if (expectation === undefined) return { what, result: 'open', seen: 'unknown: no dry run showed the expected schema' }
  const { differences, unsure, acrossMajors } = compareWithExpected(live, expectation)
  if (differences.length > 0) {
    const words = differences.map(({ kind, identity, change }) => `${kind} ${identity} ${WORDS[change]}`)
    return broken(what, words.slice(0, 10).join(', '))
  }
  const unknown =
    unsure.size === 0 ? '' : `; unknown for ${[...unsure].slice(0, 5).join(', ')}, which differed here before`
  const how = acrossMajors ? ', the changes of the steps without their exact text' : ''
  return held(what, `${live.size} objects compared${how}${unknown}`)
}

/** What the steps themselves leave invalid, as with `NOT VALID`, was approved with them. */
function soundness(options: {
  readonly before: Snapshot
  readonly live: Snapshot
  readonly expectation: Expectation | undefined
}): Observation {
  const { before, live, expectation } = options
  const what = 'indexes are valid and constraints validated'
  const was = new Set(invalidObjectsIn(before).map((one) => one.what))
  const meant = new Set(expectation === undefined ? [] : invalidObjectsIn(expectation.end).map((one) => one.what))
  const fresh = invalidObjectsIn(live).filter((one) => !was.has(one.what))
  const worse = fresh.filter((one) => !meant.has(one.what))
  const words = (all: readonly InvalidObject[]): string => all.map((one) => one.what).join(', ')
  if (worse.length === 0) return held(what, fresh.length === 0 ? 'as before' : `except as approved: ${words(fresh)}`)
  if (expectation === undefined && worse.every(({ kind }) => kind === 'constraint'))
    return { what, result: 'open', seen: `${words(worse)}; it is unknown whether this is intended` }
  return broken(what, words(worse))
}

const WORDS = { 'left behind': 'exists but should not', lost: 'is missing', changed: 'is another one' } as const

/**
 * The user's own assertions: queries in `assert/*.sql` in the folder of the database, which must return no row. Rejects
 * with a UserError if the target is gone.
 */
async function runAssertions({ world }: Run, { read, target }: ConnectedTarget): Promise<readonly Observation[]> {
  const { files, inspection } = world
  const folder = `${read.config.folder}/${ASSERTIONS}`
  const names = ((await files.tree(folder)) ?? []).filter((name) => name.endsWith('.sql'))
  const seen: Observation[] = []
  for (const name of names) {
    const { text, unreadable } = await files.read(name, folder)
    const what = `${name} returns no row`
    if (unreadable !== undefined) {
      seen.push(broken(what, `it cannot be read: ${unreadable}`))
      continue
    }
    const rows = await inspection.rowsOf(target, text).catch((error: unknown) => {
      if (error instanceof UserError && /SQLSTATE/.test(error.message)) return error
      throw error
    })
    if (typeof rows !== 'number') seen.push(broken(what, `the server refuses it: ${rows.message}`))
    else seen.push(rows === 0 ? held(what, 'none') : broken(what, rows === 1 ? '1 row' : `${rows} rows`))
  }
  return seen
}

/**
 * The result goes to the last changed target, also if the run before changed it (`continued`). The output of `command`
 * is not shown: it may hold secrets.
 */
export async function smokeTest(
  targets: readonly TargetReport[],
  options: { readonly command: string; readonly world: World; readonly continued: ReadonlySet<string> },
): Promise<readonly TargetReport[]> {
  const { command, world, continued } = options
  const last = targets.findLast(
    ({ name, steps }) =>
      continued.has(name) || steps.some(({ outcome }) => outcome === 'applied' || outcome === 'undone'),
  )
  if (last === undefined) return targets
  const { code } = await world.shell({ command, signal: world.signal })
  const seen =
    code === 0
      ? held(SMOKE_TEST, 'exit code 0')
      : broken(SMOKE_TEST, code === undefined ? 'it could not be run, or was ended' : `exit code ${code}`)
  const stopped: Stopped = {
    kind: 'refused',
    what: `${last.name}: the smoke test fails (${seen.seen})`,
    fix: 'All steps are committed. Find out why, then continue or roll them back.',
  }
  const tested = { ...last, seen: [...(last.seen ?? []), seen], ...(seen.result === 'broken' && { stopped }) }
  return targets.map((target) => (target === last ? tested : target))
}
