// Reads lists of many pages, with a limit, and repeats a creation whose answer was lost.
import { isLost } from './client.js'

/** Limit of pages, of a hundred entries each: more than any list here has. */
export const MOST_PAGES = 100

/** Each entry once, in the order of the pages. Stops if the links form a loop. */
export async function everyPage<T>(
  pages: AsyncIterable<{ readonly data: readonly T[] }>,
  key: (one: T) => number | string,
): Promise<readonly T[]> {
  const all = new Map<number | string, T>()
  let left = MOST_PAGES
  for await (const { data } of pages) {
    const before = all.size
    for (const one of data) if (!all.has(key(one))) all.set(key(one), one)
    if (--left === 0 || (data.length > 0 && all.size === before)) break
  }
  return [...all.values()]
}

export const idOf = ({ id }: { id: number }): number => id

// Creates something exactly once, although the answer of the request may be lost.
/** Gives up after this many lost answers. */
const CREATIONS = 3

/** After a lost answer, `find` checks whether it exists before the next attempt. Rejects as the last attempt did. */
export async function createOnce<T>(create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      if (!isLost(error)) throw error
      const there = await find()
      if (there !== undefined) return there
      if (attempt === CREATIONS) throw error
    }
  }
}
