// Long documents step down through prepared versions; none is ever cut in the middle.

/** The first version that takes up at most so many bytes of UTF-8; the last one must always fit. Versions are made when needed. */
export function fit(limit: number, versions: readonly (() => string)[]): string {
  for (const make of versions) {
    const text = make()
    if (Buffer.byteLength(text) <= limit) return text
  }
  return ''
}
