import { isLost } from './client.js' // Lists of many pages: all of them, but never without end.

/** Of a hundred each: more than anything that is looked for here. */
export const MOST_PAGES = 100

/** Each once, in the order of the pages. A chain of links that comes back to what it brought before is left. */
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

// What is made by a request whose answer may get lost: made once all the same.
/** After so many answers that got lost it is given up. */
const CREATIONS = 3

/** Where the answer got lost it may be there: `find` looks before it is made again. Rejects as the last try did. */
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
