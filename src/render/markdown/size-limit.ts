// Keeps a document within the size limit of GitHub: it takes a shorter version and never cuts one in the middle.

/** The first version with at most `limit` bytes of UTF-8. The last version must always fit. Versions are made on demand. */
export function firstThatFits(limit: number, versions: readonly (() => string)[]): string {
  for (const make of versions) {
    const text = make()
    if (Buffer.byteLength(text) <= limit) return text
  }
  return ''
}

/**
 * The lines of the items, one after another. It stops as soon as they are longer than `limit` bytes: a version with them
 * does not fit, so the rest need not be rendered.
 */
export function linesUntil<T>(
  limit: number,
  items: readonly T[],
  render: (item: T) => readonly string[],
): readonly string[] {
  const lines: string[] = []
  let bytes = 0
  for (const item of items) {
    if (bytes > limit) break
    for (const line of render(item)) {
      lines.push(line)
      bytes += Buffer.byteLength(line) + 1
    }
  }
  return lines
}
