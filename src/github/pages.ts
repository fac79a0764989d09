// Lists of many pages: all of them, but never without end.

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

export const idOf = ({ id }: { readonly id: number }): number => id
