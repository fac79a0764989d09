// The catalogue that has to come out of a live database, from what a scratch database showed. Pure.
import { comparableAcrossMajors } from './portable-majors.js'
import { compareSnapshots } from './diff.js'
import type { Difference } from './difference.js'
import type { Snapshot } from './snapshot.js'

/**
 * Portable catalogues: `live` before the first step, `start` and `end` on the scratch server before and after all steps.
 * `majors` are those of the live server and of that one.
 */
export type Expectation = {
  readonly live: Snapshot
  readonly start: Snapshot
  readonly end: Snapshot
  readonly majors: readonly [number, number]
}

/** `unsure` are units that were another thing here than there before a step changed them: nothing is said about those. */
export type Expected = { readonly snapshot: Snapshot; readonly unsure: ReadonlySet<string> }

/** What the steps changed there is changed here; all else stays as it was here. */
export function expectedOf({ live, start, end }: Omit<Expectation, 'majors'>): Expected {
  const snapshot = new Map(live)
  const unsure = new Set<string>()
  for (const unit of new Set([...start.keys(), ...end.keys()])) {
    const was = start.get(unit)
    const is = end.get(unit)
    if (was === is) continue
    if (live.get(unit) !== was) unsure.add(unit)
    else if (is === undefined) snapshot.delete(unit)
    else snapshot.set(unit, is)
  }
  return { snapshot, unsure }
}

/** Found differences of a live catalogue to what was expected of it; `coarsely` says that not all could be compared. */
export type ExpectationResult = {
  readonly differences: readonly Difference[]
  readonly unsure: ReadonlySet<string>
  readonly acrossMajors: boolean
}

/** Holds the live catalogue after the last step against what had to come out. */
export function compareWithExpected(now: Snapshot, { live, start, end, majors }: Expectation): ExpectationResult {
  if (majors[0] === majors[1]) {
    const { snapshot, unsure } = expectedOf({ live, start, end })
    const differences = compareSnapshots(without(snapshot, unsure), without(now, unsure))
    return { differences, unsure, acrossMajors: false }
  }
  // What the steps do not touch has to be as it was, to the letter; of the rest what both majors write alike.
  const touched = new Set([...start.keys(), ...end.keys()].filter((unit) => start.get(unit) !== end.get(unit)))
  const expected = expectedOf({
    live: comparableAcrossMajors(live),
    start: comparableAcrossMajors(start),
    end: comparableAcrossMajors(end),
  })
  const sure = [...touched].filter((unit) => !expected.unsure.has(unit))
  return {
    differences: [
      ...compareSnapshots(without(live, touched), without(now, touched)),
      ...compareSnapshots(expected.snapshot, comparableAcrossMajors(now), sure),
    ],
    unsure: expected.unsure,
    acrossMajors: true,
  }
}

/** Only of the units that there is something to say about. */
const without = (snapshot: Snapshot, units: ReadonlySet<string>): Snapshot =>
  new Map([...snapshot].filter(([unit]) => !units.has(unit)))
