// Compares a live schema with the schema that the files make on a scratch server. Pure.
import { compareSnapshots } from './compare-snapshots.js'
import type { Difference } from './difference.js'
import { NOT_COMPARED, majorsDifferNote, comparableAcrossMajors } from './portable.js'
import type { Snapshot } from './snapshot.js'

/** `notes` say which parts were not compared. */
export type Drift = { readonly differences: readonly Difference[]; readonly notes: readonly string[] }

/** Portable catalogues; `majors` are those of the live server and of the server on which `made` was made. */
export function driftOf(options: {
  readonly made: Snapshot
  readonly live: Snapshot
  readonly majors: readonly [number, number]
}): Drift {
  const { made, live, majors } = options
  const like = majors[0] === majors[1]
  return {
    differences: like
      ? compareSnapshots(made, live)
      : compareSnapshots(comparableAcrossMajors(made), comparableAcrossMajors(live)),
    notes: [`the live schema was compared ${NOT_COMPARED}`, ...(like ? [] : [majorsDifferNote(...majors)])],
  }
}
