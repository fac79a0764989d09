// Work on many items, a few at a time.

/** The results in the order of the items. The first rejection rejects the whole once all lanes have stopped. */
export async function inLanes<T, R>(lanes: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  let stopped = false
  const lane = async (): Promise<void> => {
    for (let at = next++; !stopped && at < items.length; at = next++) {
      const item = items[at] as T // within the length
      results[at] = await work(item)
    }
  }
  const ends = await Promise.allSettled(
    Array.from({ length: lanes }, () =>
      lane().catch((error: unknown) => {
        stopped = true
        throw error
      }),
    ),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return results
}
