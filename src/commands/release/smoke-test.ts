// The user's own test, run when all else held.
import type { Observation } from '../../release/preview.js'
import { SMOKE_TEST } from '../live/checklist.js'
import type { TargetReport } from '../../report/run-report.js'
import type { World } from '../shared/context.js'

/**
 * Told with the last target that was changed, by this run or by the one that it goes on with (`before` holds their names).
 * Its output is not shown: it may hold what nobody should read.
 */
export async function smokeTest(
  targets: readonly TargetReport[],
  command: string | undefined,
  { shell, signal }: Pick<World, 'shell' | 'signal'>,
  before: ReadonlySet<string> = new Set(),
): Promise<readonly TargetReport[]> {
  const last = targets.findLast(
    ({ name, steps }) => before.has(name) || steps.some(({ outcome }) => outcome === 'applied' || outcome === 'undone'),
  )
  if (command === undefined || last === undefined) return targets
  const { code } = await shell({ command, signal })
  const what = SMOKE_TEST
  const seen: Observation =
    code === 0
      ? { what, result: 'held', seen: 'exit code 0' }
      : { what, result: 'broken', seen: code === undefined ? 'it could not be run, or was ended' : `exit code ${code}` }
  return targets.map((target) => {
    if (target !== last) return target
    const stopped = {
      kind: 'refused' as const,
      what: `${target.name}: the smoke test fails (${seen.seen})`,
      fix: 'All steps are committed. Find out why, then go on or take them back.',
    }
    return { ...target, seen: [...(target.seen ?? []), seen], ...(seen.result === 'broken' && { stopped }) }
  })
}
