// What the steps of an online way look up: the catalogue on both sides, and names that are free.
import { lastPart, partsOf } from '../../catalog/derive/names.js'
import { find, readSides, text, texts, type Side, type Unit } from '../../catalog/derive/model.js'
import type { CatalogueObject, Snapshot } from '../../catalog/snapshot.js'
import { identifier } from '../../sql/quote.js'

/** `before` and `after` as units. `conditions` as `StatementEffect.partitionConditions`. */
export type Course = {
  readonly before: Side
  readonly after: Side
  readonly conditions: ReadonlyMap<string, string>
}

export function courseOf(before: Snapshot, after: Snapshot, conditions: Course['conditions']): Course {
  const { goal, here } = readSides(after, before)
  return { before: here, after: goal, conditions }
}

export const unitOf = (side: Side, relation: string): Unit | undefined => side.get(`relation ${relation}`)

export const isOld = (course: Course, relation: string): boolean => unitOf(course.before, relation) !== undefined

/** An object of a relation in the state after. */
export const partOf = (
  course: Course,
  relation: string,
  kind: string,
  identity: string,
): CatalogueObject | undefined => {
  const unit = unitOf(course.after, relation)
  return unit === undefined ? undefined : find(unit, { kind, identity, definition: {} })
}

export const isPartitioned = (course: Course, relation: string): boolean =>
  text(unitOf(course.after, relation)?.top, 'partition_by') !== undefined

/** The partitions of a table in the state after. */
export const partitionsOf = (course: Course, relation: string): readonly Unit[] =>
  [...course.after.values()].filter(
    ({ top }) => text(top, 'partition_bound') !== undefined && texts(top, 'parents').includes(relation),
  )

/** The table and what inherits from it, in the state after. */
export function familyOf(course: Course, table: string): readonly string[] {
  const below = [...course.after.values()].flatMap(({ top }) =>
    top !== undefined && texts(top, 'parents').includes(table) ? familyOf(course, top.identity) : [],
  )
  return [table, ...below]
}

/** As a snapshot names it; `relation` as a client writes it. */
export const snapshotName = (relation: string): string =>
  partsOf(relation).length > 1 ? relation : `public.${relation}`

/** The longest name that PostgreSQL keeps, in bytes. */
const LONGEST = 63

/** A name for a helper object of a table, beside which neither state has one: `orders_state_required`. */
export function freeName(course: Course, words: readonly string[], ending: string, taken: ReadonlySet<string>): string {
  const plain = words.map(unquoted).join('_')
  const known = new Set([...taken, ...allNames(course.before), ...allNames(course.after)])
  for (let n = 1; ; n++) {
    const end = `_${ending}${n === 1 ? '' : String(n)}`
    const name = nameOf(`${cut(plain, LONGEST - end.length)}${end}`)
    if (!known.has(name)) return name
  }
}

const allNames = (side: Side): readonly string[] =>
  [...side.values()].flatMap(({ objects }) =>
    objects.filter(({ kind }) => kind !== 'column').map(({ identity }) => lastPart(identity)),
  )

export const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name

/** Quoted where it has to be. */
const nameOf = (plain: string): string => (/^[a-z_][a-z0-9_]*$/.test(plain) ? plain : identifier(plain))

function cut(name: string, bytes: number): string {
  let short = name
  while (Buffer.byteLength(short) > bytes) short = short.slice(0, -1)
  return short
}

/** Words for a title: the name without its schema. */
export const titled = (identity: string): string => unquoted(lastPart(identity))
