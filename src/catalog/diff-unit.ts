// The object that names a unit of a snapshot, and the differences that follow when that object comes or goes.
import { describe } from './describe/describe.js'
import type { Difference } from './difference.js'
import type { CatalogueObject } from './snapshot.js'

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
export const kindRank = (kind: string): number => ORDER.indexOf(kind)

/**
 * The object that names a unit (`relation public.users` -> the table `public.users`), undefined for a unit that only
 * collects objects.
 */
export const subjectOf = (unit: string, objects: readonly CatalogueObject[]): CatalogueObject | undefined =>
  objects.find(({ kind, identity }) => !MEMBERS.has(kind) && (unit === identity || unit.endsWith(` ${identity}`)))

/** For a relation that came or went: the counts of its members; for any other object: its definition. */
export function wholeWords(top: CatalogueObject, all: readonly CatalogueObject[]): string {
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
export function follows(difference: Difference, cause: Difference): boolean {
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
