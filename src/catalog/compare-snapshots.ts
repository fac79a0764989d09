// Compares two snapshots, object by object.
import { sameCode } from '../sql/same-code.js'
import { describe, describeChange } from './describe/describe.js'
import type { Difference } from './difference.js'
import { type CatalogueObject, objectsOf, type Snapshot } from './snapshot.js'

/**
 * The objects that are new (`left behind`), missing (`lost`), or have another definition (`changed`). Their order depends
 * only on the two snapshots. A relation or type that came or went is reported once, without its columns, indexes,
 * comments and own sequences. `units` limits the comparison to units that may differ. Columns that differ only in their
 * order are of class `column-order`, functions whose bodies differ only in blanks and comments of class
 * `function-layout`.
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
    const differs = content(was) !== content(is)
    if (!differs && !moved.has(name)) continue
    differences.push({
      change: 'changed',
      class: !differs ? 'column-order' : differsInLayout(was, is) ? 'function-layout' : 'real',
      kind: is.kind,
      identity: is.identity,
      parent,
      ...(differs ? describeChange(withoutPosition(was), withoutPosition(is)) : describeChange(was, is)),
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

/** Real differences of the unit itself first, then of its members; what no program notices last. */
function rank(difference: Difference, top: CatalogueObject | undefined): number {
  if (difference.class !== 'real') return 1000
  return top !== undefined && isSame(difference, top) ? -1 : kindRank(difference.kind)
}

const place = (d: Difference, from: Objects, to: Objects): number => positionOf(from.get(key(d)) ?? to.get(key(d)))

export type Objects = ReadonlyMap<string, CatalogueObject>
type Named = Pick<CatalogueObject, 'kind' | 'identity'>

const key = ({ kind, identity }: Named): string => `${kind}\u0000${identity}`

/** The order distinguishes two objects of one kind and identity (the rare catalogues allow them). */
export function byName(objects: readonly CatalogueObject[]): Objects {
  const found = new Map<string, CatalogueObject>()
  for (const object of objects) {
    let name = key(object)
    while (found.has(name)) name += '\u0000'
    found.set(name, object)
  }
  return found
}

const isSame = (a: Named, b: Named): boolean => a.kind === b.kind && a.identity === b.identity

/** The definition as comparable text, without the position of a column. */
export const content = (object: CatalogueObject): string => canonical(withoutPosition(object).definition)

const canonical = (definition: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(definition).sort(([a], [b]) => compareText(a, b)))

function withoutPosition(object: CatalogueObject): CatalogueObject {
  if (object.kind !== 'column') return object
  const definition = Object.fromEntries(Object.entries(object.definition).filter(([name]) => name !== 'pos'))
  return { ...object, definition }
}

/**
 * Whether two definitions of one routine differ only in blanks and comments of a body in SQL or PL/pgSQL. In other
 * languages blanks can have a meaning.
 */
function differsInLayout(was: CatalogueObject, is: CatalogueObject): boolean {
  const [a, b] = [bodyOf(was), bodyOf(is)]
  return a !== undefined && b !== undefined && a.rest === b.rest && sameCode(a.body, b.body)
}

/** The end of what pg_get_functiondef writes: the body, in dollar quotes. */
const BODY = /^AS (\$\w*\$)([^]*)\1\n?$/m

/** The body, and everything else of the definition as comparable text; undefined for other languages and objects. */
function bodyOf({ kind, definition }: CatalogueObject): { readonly body: string; readonly rest: string } | undefined {
  const { def } = definition
  if ((kind !== 'function' && kind !== 'procedure') || typeof def !== 'string') return undefined
  const head = def.split(BODY, 1)[0] ?? ''
  const body = BODY.exec(def)?.[2]
  if (body === undefined || !/^ LANGUAGE (?:sql|plpgsql)\b/m.test(head)) return undefined
  return { body, rest: canonical({ ...definition, def: head }) }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The position of a column among the columns that are not dropped, from 1; 0 for every other object. */
export const positionOf = (object: CatalogueObject | undefined): number => {
  const position = object?.kind === 'column' ? Number(object.definition['pos']) : 0
  return Number.isFinite(position) ? position : 0
}

/**
 * The columns (by their key in both maps) that moved among the columns of both sides: the fewest that explain the new
 * order, so the columns outside a longest rising subsequence. A column that is lost or left behind shifts others without
 * moving them. If no column came or went, a shift of all columns is reported.
 */
export function movedColumns(
  from: ReadonlyMap<string, CatalogueObject>,
  to: ReadonlyMap<string, CatalogueObject>,
): ReadonlySet<string> {
  const columns = [...from].filter(([, object]) => object.kind === 'column')
  const common = columns
    .filter(([name]) => to.has(name))
    .sort(([, a], [, b]) => positionOf(a) - positionOf(b))
    .map(([name]) => name)
  const stay = new Set(longestRise(common.map((name) => ({ name, value: positionOf(to.get(name)) }))))
  const moved = new Set(common.filter((name) => !stay.has(name)))
  const now = [...to.values()].filter((object) => object.kind === 'column').length
  if (moved.size > 0 || common.length < columns.length || common.length < now) return moved
  return new Set(common.filter((name) => positionOf(from.get(name)) !== positionOf(to.get(name))))
}

type Link = { readonly name: string; readonly value: number; readonly before: Link | undefined }

/** The names of a longest subsequence whose values rise (patience sorting, n log n). */
function longestRise(items: readonly { readonly name: string; readonly value: number }[]): string[] {
  const ends: Link[] = []
  for (const { name, value } of items) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle]?.value ?? Infinity) < value) low = middle + 1
      else high = middle
    }
    ends[low] = { name, value, before: ends[low - 1] }
  }
  const rise: string[] = []
  for (let link = ends.at(-1); link !== undefined; link = link.before) rise.unshift(link.name)
  return rise
}

/** Kinds that belong to a relation or a type, in the order of the report, with their plurals. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['column', 'columns'],
  ['constraint', 'constraints'],
  ['domain constraint', 'constraints'],
  ['index', 'indexes'],
  ['trigger', 'triggers'],
  ['rule', 'rules'],
  ['policy', 'policies'],
  ['comment', 'comments'],
])

const ORDER = [...MEMBERS.keys()]

/** Smaller comes earlier in the report; an object that is no member comes first. */
const kindRank = (kind: string): number => ORDER.indexOf(kind)

/**
 * The object that names a unit (`relation public.users` -> the table `public.users`), undefined for a unit that only
 * collects objects.
 */
export const subjectOf = (unit: string, objects: readonly CatalogueObject[]): CatalogueObject | undefined =>
  objects.find(({ kind, identity }) => !MEMBERS.has(kind) && (unit === identity || unit.endsWith(` ${identity}`)))

/** For a relation that came or went: the counts of its members; for any other object: its definition. */
function wholeWords(top: CatalogueObject, all: readonly CatalogueObject[]): string {
  const parts = ORDER.filter((kind) => kind !== 'comment').flatMap((kind) => {
    const count = all.filter((object) => object.kind === kind).length
    return count === 0 ? [] : [`${String(count)} ${count === 1 ? kind : (MEMBERS.get(kind) ?? kind)}`]
  })
  const holds = all.some((object) => object.kind === 'column') && top.definition['query'] === undefined
  return holds ? parts.join(', ') : describe(top)
}

/**
 * Whether a difference only follows from another one: the comment on a member that came or went, and a sequence that
 * belongs to a relation that came or went.
 */
function follows(difference: Difference, cause: Difference): boolean {
  if (difference.kind !== 'comment' && difference.kind !== 'sequence') return false
  if (cause === difference || cause.change === 'changed' || cause.change !== difference.change) return false
  if (difference.kind === 'comment') return cause.kind !== 'comment' && isAbout(difference, cause)
  if (cause.parent !== undefined) return false
  const words = difference.before ?? difference.after
  return [`OWNED BY ${cause.identity}.`, `OWNED BY identity of ${cause.identity}.`].some((by) => words?.includes(by))
}

/**
 * A comment is named by its object: `table column public.t.c`, `index public.i`, or `trigger g on public.t` for an object
 * whose name is unique only within its table.
 */
function isAbout(comment: Difference, cause: Difference): boolean {
  const table = cause.parent?.slice(cause.parent.indexOf(' ') + 1)
  const name = table === undefined ? cause.identity : cause.identity.slice(table.length + 1)
  return (
    comment.parent === cause.parent &&
    (comment.identity.endsWith(` ${cause.identity}`) || comment.identity.endsWith(` ${name} on ${table ?? ''}`))
  )
}
