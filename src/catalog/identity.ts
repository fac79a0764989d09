// What PostgreSQL knows an object by, whatever its name is: the OID of a relation, type or routine, the numbers of its
// columns. So a new name differs from a new object.
import { objectsOf, type Snapshot, type SnapshotChange } from './snapshot.js'

/**
 * The identity of an object group: the class and OID of its object, for a relation with the numbers of its columns in
 * their order (`r 16390 1,2,5`). Comparable only within one database.
 */
export type Identity = string

/** By object group, as the documents of a snapshot. */
export type Identities = ReadonlyMap<string, Identity>

/** Identities of object groups that may have changed; `undefined` means that the group does not exist. */
export type IdentityChange = ReadonlyMap<string, Identity | undefined>

/** Documents and identities of the same object groups at one moment. */
export type State = { readonly documents: Snapshot | SnapshotChange; readonly identities: Identities | IdentityChange }

/**
 * What became of an object group: its key in the later state (`relation public.person`), undefined where its object is
 * gone, even if another object has its name now. `columns` holds the columns with another name (new name) and those that
 * are gone (undefined), by their earlier name.
 */
export type Fate = { readonly to: string | undefined; readonly columns: ReadonlyMap<string, string | undefined> }

/** By object group of the earlier state; groups without an entry are the same objects under the same names. */
export type Fates = ReadonlyMap<string, Fate>

const NO_COLUMNS: Fate['columns'] = new Map()

/** Both states are of one database. Looks at the groups of `before` alone. */
export function fatesOf(before: State, after: State): Fates {
  const now = new Map<string, string>()
  for (const [group, identity] of after.identities) if (identity !== undefined) now.set(objectOf(identity), group)
  const fates = new Map<string, Fate>()
  for (const [group, identity] of before.identities) {
    if (identity === undefined || isUntouched(group, before, after)) continue
    const to = now.get(objectOf(identity))
    const columns = to === undefined ? NO_COLUMNS : columnFates({ group, to, before, after })
    if (to !== group || columns.size > 0) fates.set(group, { to, columns })
  }
  return fates
}

/** The names of columns are in the document, their numbers in the identity. */
const isUntouched = (group: string, before: State, after: State): boolean =>
  before.identities.get(group) === after.identities.get(group) &&
  before.documents.get(group) === after.documents.get(group)

/** `r 16390` of `r 16390 1,2,5`. The class may have several words. */
const objectOf = (identity: Identity): string => /^.*? \d+(?= |$)/.exec(identity)?.[0] ?? identity

const numbersOf = (identity: Identity): readonly string[] => identity.slice(objectOf(identity).length + 1).split(',')

function columnFates(of: { group: string; to: string; before: State; after: State }): Fate['columns'] {
  const { group, to, before, after } = of
  const was = columnsOf(before, group)
  const is = columnsOf(after, to)
  return new Map(
    [...was].flatMap(([number, name]) => (is.get(number) === name ? [] : [[name, is.get(number)] as const])),
  )
}

/** The columns of a relation by their number, as names in SQL form. */
function columnsOf({ documents, identities }: State, group: string): ReadonlyMap<string, string> {
  const owner = group.slice(group.indexOf(' ') + 1)
  const numbers = numbersOf(identities.get(group) ?? '')
  const columns = objectsOf(documents.get(group)).filter(({ kind }) => kind === 'column')
  return new Map(columns.map(({ identity }, at) => [numbers[at] ?? '', identity.slice(owner.length + 1)]))
}

/** The fates from the first state to the last, where `first` ends in the state in which `second` begins. */
export function inSuccession(first: Fates, second: Fates): Fates {
  const fates = new Map<string, Fate>()
  for (const [group, { to, columns }] of first) {
    const next = to === undefined ? undefined : second.get(to)
    const later = next === undefined ? { to, columns: NO_COLUMNS } : next
    const both = later.to === undefined ? NO_COLUMNS : columnsInSuccession(columns, later.columns)
    if (later.to !== group || both.size > 0) fates.set(group, { to: later.to, columns: both })
  }
  const reached = new Set([...first.values()].map(({ to }) => to))
  for (const [group, fate] of second) if (!first.has(group) && !reached.has(group)) fates.set(group, fate)
  return fates
}

function columnsInSuccession(first: Fate['columns'], second: Fate['columns']): Fate['columns'] {
  const columns = new Map<string, string | undefined>()
  for (const [name, now] of first) {
    const last = now === undefined || !second.has(now) ? now : second.get(now)
    if (last !== name) columns.set(name, last)
  }
  const reached = new Set(first.values())
  for (const [name, now] of second) if (!first.has(name) && !reached.has(name)) columns.set(name, now)
  return columns
}

/** The same, seen from the later state: what each object was. Objects that are new there have no entry. */
export function reversed(fates: Fates): Fates {
  const back = new Map<string, Fate>()
  for (const [group, { to, columns }] of fates) {
    if (to === undefined) continue
    const names = [...columns].flatMap(([name, now]) => (now === undefined ? [] : [[now, name] as const]))
    if (to !== group || names.length > 0) back.set(to, { to: group, columns: new Map(names) })
  }
  return back
}
