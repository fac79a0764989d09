// The known word that the user probably meant.
import { distance } from 'fastest-levenshtein'

/** The known word nearest to the written one; undefined when none is near enough. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll('_', '-')
  const ranked = known
    .map((word) => ({ word, edits: distance(plain(written), plain(word)) }))
    .sort((a, b) => a.edits - b.edits)
  const best = ranked[0]
  if (best === undefined) return undefined
  const longer = Math.max(written.length, best.word.length)
  const isNear = best.edits <= Math.max(1, Math.floor(longer * 0.4))
  return isNear ? best.word : known.find((word) => written.length >= 3 && plain(word).startsWith(plain(written)))
}

/** `; did you mean <word>?`, or nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const word = nearest(written, known)
  return word === undefined ? '' : `; did you mean ${word}?`
}
