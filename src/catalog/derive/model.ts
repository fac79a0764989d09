// Two snapshots side by side: the state before a down (`here`, after the up) and its goal (`goal`, before the up).
import { subjectOf } from '../compare-snapshots.js'
import { objectsOf, type CatalogueObject, type Snapshot } from '../snapshot.js'

/** `top` is the object that names the unit; undefined for a unit that only collects objects. */
export type Unit = {
  readonly unit: string
  readonly top: CatalogueObject | undefined
  readonly objects: readonly CatalogueObject[]
}

export type Side = ReadonlyMap<string, Unit>

/** The units of two snapshots, each with the object that names it. A unit that is equal on both sides is one object. */
export function readSides(before: Snapshot, after: Snapshot): { readonly goal: Side; readonly here: Side } {
  const goal = new Map([...before].map(([unit, document]) => [unit, readUnit(unit, document)]))
  const here = [...after].map(([unit, document]): [string, Unit] => {
    const known = before.get(unit) === document ? goal.get(unit) : undefined
    return [unit, known ?? readUnit(unit, document)]
  })
  return { goal, here: new Map(here) }
}

function readUnit(unit: string, document: string): Unit {
  const objects = objectsOf(document)
  return { unit, top: subjectOf(unit, objects), objects }
}

/** `kept`: on both sides and changed in place; `rebuilt`: dropped and made again. */
export type UnitAction = 'dropped' | 'made' | 'rebuilt' | 'kept'

/** A unit whose documents differ, or that is rebuilt because of another unit. At least one side exists. */
export type Pair = {
  readonly unit: string
  readonly goal: Unit | undefined
  readonly here: Unit | undefined
  readonly fate: UnitAction
}

/**
 * The input of every family of kinds. `rebuilt` holds keys of objects on both sides that are dropped and made again.
 * `retyped` holds keys of columns whose type changes or that are made again. `fresh` holds keys of columns that the up or
 * the down itself has made again under their names: their rows hold no values of before. `role` owns each object without a
 * stated owner. `words` as in deriveDown.
 */
export type Work = {
  readonly goal: Side
  readonly here: Side
  readonly rebuilt: ReadonlySet<string>
  readonly retyped: ReadonlySet<string>
  readonly fresh: ReadonlySet<string>
  readonly role: string
  readonly words: ReadonlySet<string> | undefined
}

/** Kind and identity name an object within a database. */
export const keyOf = ({ kind, identity }: Pick<CatalogueObject, 'kind' | 'identity'>): string => `${kind} ${identity}`

export const ofKind = (unit: Unit | undefined, kind: string): readonly CatalogueObject[] =>
  unit?.objects.filter((object) => object.kind === kind) ?? []

export const find = (unit: Unit | undefined, { kind, identity }: CatalogueObject): CatalogueObject | undefined =>
  unit?.objects.find((object) => object.kind === kind && object.identity === identity)

/** A key of a definition as text, several values joined by commas; undefined for an absent key. */
export function text(object: CatalogueObject | undefined, key: string): string | undefined {
  const value = object?.definition[key]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value)
}

/** A key that holds several texts; empty for an absent key. */
export function texts(object: CatalogueObject | undefined, key: string): readonly string[] {
  const value = object?.definition[key]
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
}

export const isSet = (object: CatalogueObject | undefined, key: string): boolean => object?.definition[key] === true

/** Whether two objects have equal definitions, apart from the given keys. */
export const sameBut = (a: CatalogueObject, b: CatalogueObject, ...keys: readonly string[]): boolean => {
  const content = ({ definition }: CatalogueObject): string =>
    JSON.stringify(
      Object.entries(definition)
        .filter(([key]) => key !== 'pos' && !keys.includes(key))
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    )
  return content(a) === content(b)
}

/** An object that is made and dropped with its counterpart in a parent table. */
export const isInherited = (object: CatalogueObject): boolean => {
  const inherited = object.definition['inherited']
  return inherited === true || (typeof inherited === 'string' && !inherited.endsWith('and local'))
}

/** Whether a goal object is missing after the drops of the down. */
export const isFresh = (work: Work, pair: Pair, object: CatalogueObject): boolean =>
  pair.fate !== 'kept' || work.rebuilt.has(keyOf(object)) || find(pair.here, object) === undefined
