// The differences of two states of one database, in which a new name is no new object (identity.ts).
import { compareSnapshots } from './compare-snapshots.js'
import { sameness, type Difference } from './difference.js'
import { followRenames, type Renamed } from './derive/rename-course.js'
import { readSides, type Side, type Unit } from './derive/model.js'
import { lastPart, parentOf } from './derive/names.js'
import { columnOf } from './derive/rename.js'
import { fatesOf, type Fate, type Fates, type State } from './identity.js'
import type { Snapshot, SnapshotChange } from './snapshot.js'

/**
 * What was done between two states. An object with another name is `changed`, and `was` is its former identity. A table
 * or column that was dropped and made again under its name is `lost` and `left behind`: its rows are gone. Both states
 * hold every object group that changed.
 */
export const effectsBetween = (before: State, after: State): readonly Difference[] =>
  compared(before, after, { fates: fatesOf(before, after), replaced: 'apart' })

/**
 * How two states differ that should be equal. Objects count by their names, as a tool would find them; only in states
 * that differ is a new name distinguished from a new object.
 */
export function differencesBetween(before: State, after: State): readonly Difference[] {
  const byName = compareSnapshots(present(before.documents), present(after.documents))
  if (sameness(byName) !== 'differs') return byName
  const fates = fatesOf(before, after)
  return hasRenames(fates) ? compared(before, after, { fates, replaced: 'as one' }) : byName
}

const hasRenames = (fates: Fates): boolean =>
  [...fates].some(
    ([group, { to, columns }]) =>
      to !== undefined && (to !== group || [...columns.values()].some((name) => name !== undefined)),
  )

const present = (documents: SnapshotChange): Snapshot =>
  new Map([...documents].flatMap(([group, document]) => (document === undefined ? [] : [[group, document] as const])))

/** `replaced`: whether an object that was dropped and made again under its name counts as one or as two. */
type How = { readonly fates: Fates; readonly replaced: 'apart' | 'as one' }

function compared(before: State, after: State, { fates, replaced }: How): readonly Difference[] {
  const there = present(before.documents)
  const now = present(after.documents)
  if (fates.size === 0) return compareSnapshots(there, now)
  const { goal: was, here: is } = readSides(there, now)
  const gone = replacedObjects(was, is, { fates, replaced })
  const left = new Map(
    [...was].flatMap(([group, unit]) =>
      gone.groups.has(group) ? [] : [[group, without(unit, gone.columns.get(group))] as const],
    ),
  )
  const course = followRenames(is, left, fates)
  const rest = compareSnapshots(documentsOf(course.now), now)
  return [...gone.differences, ...withNames(course.renamed(fates), rest, is)]
}

/** Objects that are gone although their name is there. */
type Gone = {
  readonly groups: ReadonlySet<string>
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>
  readonly differences: readonly Difference[]
}

function replacedObjects(was: Side, is: Side, { fates, replaced }: How): Gone {
  const takenNames = new Set([...fates.values()].map(({ to }) => to))
  const isGone = (group: string, { to }: Fate): boolean =>
    to === undefined &&
    is.has(group) &&
    (takenNames.has(group) || (replaced === 'apart' && was.get(group)?.top?.kind === 'table'))
  const groups = new Set([...fates].flatMap(([group, fate]) => (isGone(group, fate) ? [group] : [])))
  const columns = new Map(
    [...fates].map(([group, fate]) => [group, replacedColumns({ was: was.get(group), is, fate, replaced })] as const),
  )
  const alone = (group: string, unit: Unit | undefined): Snapshot =>
    documentsOf(new Map(unit === undefined ? [] : [[group, unit]]))
  const differences = [...fates.keys()].flatMap((group) => {
    const unit = was.get(group)
    const names = columns.get(group)
    if (groups.has(group)) return compareSnapshots(alone(group, unit), new Map())
    if (unit === undefined || names === undefined || names.size === 0) return []
    const lost = compareSnapshots(alone(group, unit), alone(group, without(unit, names)))
    return lost.filter(({ kind, change }) => kind === 'column' && change === 'lost')
  })
  return { groups, columns, differences }
}

/** By name: columns that are gone although another column has their name now. */
function replacedColumns(of: {
  readonly was: Unit | undefined
  readonly is: Side
  readonly fate: Fate
  readonly replaced: How['replaced']
}): ReadonlySet<string> {
  const { was, is, fate, replaced } = of
  const now = fate.to === undefined ? undefined : is.get(fate.to)
  const takenNames = new Set(fate.columns.values())
  const names = [...fate.columns].flatMap(([name, later]) => (later === undefined ? [name] : []))
  if (was?.top?.kind !== 'table') return new Set(names.filter((name) => takenNames.has(name)))
  return new Set(
    names.filter((name) => takenNames.has(name) || (replaced === 'apart' && columnOf(now, name) !== undefined)),
  )
}

const without = (unit: Unit, columns: ReadonlySet<string> = new Set()): Unit => ({
  ...unit,
  objects: unit.objects.filter(({ kind, identity }) => kind !== 'column' || !columns.has(lastPart(identity))),
})

/** The documents of a snapshot again. The position of a column is its place. */
const documentsOf = (side: Side): Snapshot =>
  new Map(
    [...side].map(([group, { objects }]) => [
      group,
      JSON.stringify(
        objects.map(({ kind, identity, definition: { pos, ...definition } }) => [
          kind,
          identity,
          kind === 'column' || pos === undefined ? definition : { pos, ...definition },
        ]),
      ),
    ]),
  )

/** `named full_name`, with what else changed; with its schema where that is another one. */
function named(name: string, other: string, also: string | undefined): string {
  const short = parentOf(name) === parentOf(other) ? lastPart(name) : name
  return `named ${short}${also === undefined ? '' : `, ${also}`}`
}

/** The renames first, each together with what else changed in its object. */
function withNames(renamed: readonly Renamed[], differences: readonly Difference[], is: Side): readonly Difference[] {
  const found = renamed.map(({ kind, group, from, to }): Difference => {
    const top = is.get(group)?.top
    const also = differences.find((one) => one.kind === kind && one.identity === to && one.change === 'changed')
    const isReal = also?.class === 'real'
    return {
      change: 'changed',
      class: 'real',
      kind,
      identity: to,
      parent: top === undefined || top.identity === to ? undefined : `${top.kind} ${top.identity}`,
      was: from,
      before: named(from, to, isReal ? also.before : undefined),
      after: named(to, from, isReal ? also.after : undefined),
    }
  })
  const isNamed = (one: Difference): boolean =>
    one.change === 'changed' && renamed.some(({ kind, to }) => kind === one.kind && to === one.identity)
  return [...found, ...differences.filter((one) => !isNamed(one))]
}
