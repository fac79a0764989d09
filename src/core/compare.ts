// Two snapshots compared, object by object.
import { movedColumns, positionOf } from './compare-columns.js'
import { follows, kindRank, subjectOf, wholeWords } from './compare-unit.js'
import { describe, describeChange } from './describe.js'
import type { Difference } from './difference.js'
import { objectsOf, type CatalogueObject, type Snapshot } from './snapshot.js'

/**
 * What is there now and was not before (`left behind`), what was there and is not now (`lost`), and what has another
 * definition (`changed`), in an order that depends on nothing but the two snapshots. A relation or type that came or
 * went is told once, without its columns, indexes, comments and own sequences. `units` narrows the comparison to units
 * that may differ. Columns that only stand in another order are of class `column-order`.
 */
export function compareSnapshots(before: Snapshot, after: Snapshot, units?: Iterable<string>): Difference[] {
  const names = [...new Set(units ?? [...before.keys(), ...after.keys()])].sort()
  const changed = names
    .filter((unit) => before.get(unit) !== after.get(unit))
    .map((unit) => ({ unit, before: objectsOf(before.get(unit)), after: objectsOf(after.get(unit)) }))
  const differences = changed.flatMap(compareUnit)
  return differences.filter((difference) => !differences.some((cause) => follows(difference, cause)))
}

type ChangedUnit = {
  readonly unit: string
  readonly before: readonly CatalogueObject[]
  readonly after: readonly CatalogueObject[]
}

function compareUnit({ unit, before, after }: ChangedUnit): readonly Difference[] {
  const was = subjectOf(unit, before)
  const is = subjectOf(unit, after)
  if (was?.kind === is?.kind) return compareObjects(before, after, is)
  return [
    ...(was === undefined ? [] : [whole('lost', was, before)]),
    ...(is === undefined ? [] : [whole('left behind', is, after)]),
  ]
}

function whole(change: 'lost' | 'left behind', top: CatalogueObject, all: readonly CatalogueObject[]): Difference {
  return one(change, top, { parent: undefined, words: wholeWords(top, all) })
}

function one(
  change: 'lost' | 'left behind',
  object: CatalogueObject,
  { parent, words }: { parent: string | undefined; words: string },
): Difference {
  return {
    change,
    class: 'real',
    kind: object.kind,
    identity: object.identity,
    parent,
    before: change === 'lost' ? words : undefined,
    after: change === 'lost' ? undefined : words,
  }
}

function compareObjects(
  before: readonly CatalogueObject[],
  after: readonly CatalogueObject[],
  top: CatalogueObject | undefined,
): Difference[] {
  const from = byName(before)
  const to = byName(after)
  const moved = movedColumns(from, to)
  const differences: Difference[] = []
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const was = from.get(name)
    const is = to.get(name)
    const object = is ?? was
    if (object === undefined) continue
    const parent = top === undefined || isSame(object, top) ? undefined : `${top.kind} ${top.identity}`
    if (was === undefined || is === undefined) {
      differences.push(one(is === undefined ? 'lost' : 'left behind', object, { parent, words: describe(object) }))
      continue
    }
    const real = content(was) !== content(is)
    if (!real && !moved.has(name)) continue
    differences.push({
      change: 'changed',
      class: real ? 'real' : 'column-order',
      kind: is.kind,
      identity: is.identity,
      parent,
      ...(real ? describeChange(withoutPosition(was), withoutPosition(is)) : describeChange(was, is)),
    })
  }
  return differences.sort(
    (a, b) =>
      rank(a, top) - rank(b, top) ||
      place(a, from, to) - place(b, from, to) ||
      compareText(a.identity, b.identity) ||
      compareText(a.change, b.change),
  )
}

/** Real differences of the unit itself first, then of its members; column order last. */
const rank = (difference: Difference, top: CatalogueObject | undefined): number =>
  difference.class === 'column-order'
    ? 1000
    : top !== undefined && isSame(difference, top)
      ? -1
      : kindRank(difference.kind)

const place = (d: Difference, from: Objects, to: Objects): number => positionOf(from.get(key(d)) ?? to.get(key(d)))

type Objects = ReadonlyMap<string, CatalogueObject>
type Named = Pick<CatalogueObject, 'kind' | 'identity'>

const key = ({ kind, identity }: Named): string => `${kind}\u0000${identity}`

/** Two objects of one kind and identity (nothing forbids it in the rare catalogs) are told apart by their order. */
function byName(objects: readonly CatalogueObject[]): Objects {
  const found = new Map<string, CatalogueObject>()
  for (const object of objects) {
    let name = key(object)
    while (found.has(name)) name += '\u0000'
    found.set(name, object)
  }
  return found
}

const isSame = (a: Named, b: Named): boolean => a.kind === b.kind && a.identity === b.identity

/** The definition as comparable text; the position of a column is no part of it. */
const content = (object: CatalogueObject): string => canonical(withoutPosition(object).definition)

const canonical = (definition: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(definition).sort(([a], [b]) => compareText(a, b)))

function withoutPosition(object: CatalogueObject): CatalogueObject {
  if (object.kind !== 'column') return object
  const definition = Object.fromEntries(Object.entries(object.definition).filter(([name]) => name !== 'pos'))
  return { ...object, definition }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
