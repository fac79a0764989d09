// The catalogue that has to come out of a live database, from what a scratch database showed. Pure.
import type { Snapshot } from './snapshot.js'

/**
 * Portable catalogues: `live` before the first step, `start` and `end` on the scratch server before and after all steps.
 * `like`: whether both servers are of the same major, which write definitions alike.
 */
export type Expectation = {
  readonly live: Snapshot
  readonly start: Snapshot
  readonly end: Snapshot
  readonly like: boolean
}

/** `unsure` are units that were another thing here than there before a step changed them: nothing is said about those. */
export type Expected = { readonly snapshot: Snapshot; readonly unsure: ReadonlySet<string> }

/** What the steps changed there is changed here; all else stays as it was here. */
export function expectedOf({ live, start, end, like }: Expectation): Expected {
  const snapshot = new Map(live)
  const unsure = new Set<string>()
  for (const unit of new Set([...start.keys(), ...end.keys()])) {
    const [was, is] = [start.get(unit), end.get(unit)]
    if (was === is) continue
    if (!like || live.get(unit) !== was) unsure.add(unit)
    else if (is === undefined) snapshot.delete(unit)
    else snapshot.set(unit, is)
  }
  return { snapshot, unsure }
}

/** Only of the units that there is something to say about. */
export const without = (snapshot: Snapshot, units: ReadonlySet<string>): Snapshot =>
  new Map([...snapshot].filter(([unit]) => !units.has(unit)))
