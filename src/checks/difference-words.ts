// Differences of two schemas on one line.
import type { Difference } from '../core/difference.js'

const SHOWN = 3

/** The first differences in words, on one line. */
export function differenceWords(differences: readonly Difference[]): string {
  const real = differences.filter((difference) => difference.class === 'real')
  const told = (real.length > 0 ? real : differences).slice(0, SHOWN).map(one)
  const more = differences.length - told.length
  return `${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function one({ change, kind, identity, parent, before, after }: Difference): string {
  const owner = parent?.slice(parent.indexOf(' ') + 1)
  const told = owner === undefined || identity === owner || identity.startsWith(`${owner}.`)
  const words = `${change} ${kind} ${identity}${told ? '' : ` of ${parent ?? ''}`}`
  if (before === undefined || after === undefined) return words
  return isShort(before) && isShort(after) ? `${words} (${before} -> ${after})` : words
}

const isShort = (text: string): boolean => text.length <= 60 && !text.includes('\n')
