// The catalogue that a live database must have after the steps, predicted from a scratch database. Pure.
import { comparableAcrossMajors } from './portable.js'
import { compareSnapshots } from './compare-snapshots.js'
import type { Difference } from './difference.js'
import type { Snapshot } from './snapshot.js'

/**
 * Portable catalogues: `live` before the first step, `start` and `end` on the scratch server before and after all steps.
 * `majors` are those of the live server and of the scratch server.
 */
export type Expectation = {
  readonly live: Snapshot
  readonly start: Snapshot
  readonly end: Snapshot
  readonly majors: readonly [number, number]
}

/** `unsure` are units that differed between the servers before a step changed them: they have no prediction. */
export type Expected = { readonly snapshot: Snapshot; readonly unsure: ReadonlySet<string> }

/** Changes of the steps on the scratch server apply to the live catalogue; every other unit stays as it is. */
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

/** Differences of a live catalogue from the expected one; `coarsely` says that only a part was comparable. */
export type ExpectationResult = {
  readonly differences: readonly Difference[]
  readonly unsure: ReadonlySet<string>
  readonly acrossMajors: boolean
}

/** Compares the live catalogue after the last step with the expected one. */
export function compareWithExpected(now: Snapshot, { live, start, end, majors }: Expectation): ExpectationResult {
  if (majors[0] === majors[1]) {
    const { snapshot, unsure } = expectedOf({ live, start, end })
    const differences = compareSnapshots(without(snapshot, unsure), without(now, unsure))
    return { differences, unsure, acrossMajors: false }
  }
  // Units that the steps do not touch must stay exactly equal. The others are compared in the form that both majors
  // share.
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

/** Only units that have a prediction. */
const without = (snapshot: Snapshot, units: ReadonlySet<string>): Snapshot =>
  new Map([...snapshot].filter(([unit]) => !units.has(unit)))
