// Which columns of a relation stand elsewhere than before.
import type { CatalogueObject } from './snapshot.js'

/** The position of a column among the living ones, from 1; 0 for everything else. */
export const positionOf = (object: CatalogueObject | undefined): number => {
  const position = object?.kind === 'column' ? Number(object.definition['pos']) : 0
  return Number.isFinite(position) ? position : 0
}

/**
 * The columns (by their key in both maps) that stand elsewhere among the columns which both sides have: the fewest that
 * explain the new order, which is what a longest rising run leaves over. A column that is lost or left behind shifts
 * others without moving them; where nothing came or went, a shift of all is told rather than swallowed.
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
