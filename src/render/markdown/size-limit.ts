// Keeps a document within the size limit of GitHub: it takes a shorter version and never cuts one in the middle.

/** The first version with at most `limit` bytes of UTF-8. The last version must always fit. Versions are made on demand. */
export function firstThatFits(limit: number, versions: readonly (() => string)[]): string {
  for (const make of versions) {
    const text = make()
    if (Buffer.byteLength(text) <= limit) return text
  }
  return ''
}
