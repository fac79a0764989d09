// Describes definitions of the catalogue in words close to SQL.
import { databaseWords, sharedWords } from './cluster.js'
import { relationWords } from './relations.js'
import { routineWords, typeWords } from './types.js'
import { plain, type Definition, type Word } from './keys.js'
import type { CatalogueObject } from '../snapshot.js'

const WORDS: Readonly<Record<string, readonly Word[]>> = {
  ...relationWords,
  ...typeWords,
  ...routineWords,
  ...databaseWords,
  ...sharedWords,
}

/** Both sides of a change, in words. */
export type ChangeWords = { readonly before: string; readonly after: string }

/**
 * An object without its kind and name: `numeric(20,8) NOT NULL`, `CREATE INDEX ...`. Owner and position appear only if
 * there are no other words. Unknown keys are listed as `key value`. Never empty.
 */
export function describe(object: CatalogueObject): string {
  const words = wordsOf(object.kind, [object.definition])
  const loud = words.filter((word) => word.quiet !== true)
  return sentence(loud, object.definition) || sentence(words, object.definition) || object.kind
}

/**
 * The differences of two definitions of the same object: only the changed keys, and for a column always its type and the
 * options of the type. Neither side is ever empty, and the two sides never have the same text.
 */
export function describeChange(before: CatalogueObject, after: CatalogueObject): ChangeWords {
  const from = before.definition
  const to = after.definition
  const words = wordsOf(after.kind, [from, to])
  const changed = words.filter((word) => plainKey(from, word.key) !== plainKey(to, word.key))
  const loud = changed.filter((word) => word.quiet !== true)
  const shownParts = loud.some((word) => word.frame === true)
    ? words.filter((word) => word.frame === true || loud.includes(word))
    : loud
  const shown =
    shownParts.length > 0 ? [...shownParts, ...changed.filter((w) => w.quiet === true && w.key === 'owner')] : changed
  const sides = { before: side(shown, from, to), after: side(shown, to, from) }
  if (sides.before !== sides.after) return { before: sides.before || 'nothing', after: sides.after || 'nothing' }
  const same = sides.before || changed.map(({ key }) => key).join(', ')
  return { before: same, after: `${same} (a different one)` }
}

/** One side of a change; a key that only the other side has gets the words for its absence. */
function side(words: readonly Word[], mine: Definition, other: Definition): string {
  const phrases = words.map((word) => {
    if (has(mine, word.key)) return word.say(mine[word.key], mine, other)
    return has(other, word.key) ? word.none : ''
  })
  return join(phrases)
}

const sentence = (words: readonly Word[], definition: Definition): string =>
  join(words.filter((word) => has(definition, word.key)).map((w) => w.say(definition[w.key], definition, undefined)))

/** The words of a kind in their order, then one for every other present key. */
function wordsOf(kind: string, definitions: readonly Definition[]): readonly Word[] {
  const known = WORDS[kind] ?? []
  const names = new Set(known.map((word) => word.key))
  const others = new Set(definitions.flatMap((d) => Object.keys(d)).filter((key) => !names.has(key)))
  return [
    ...known,
    ...[...others].map((key) => ({
      key,
      say: (value: unknown) => `${key} ${plain(value)}`,
      none: `no ${key}`,
    })),
  ]
}

const has = (definition: Definition, key: string): boolean => definition[key] !== undefined && definition[key] !== null

const plainKey = (definition: Definition, key: string): string =>
  has(definition, key) ? JSON.stringify(definition[key]) : ''

/** A phrase of several lines keeps its lines; short phrases share one line. */
function join(phrases: readonly string[]): string {
  const shownParts = phrases.filter((phrase) => phrase !== '')
  return shownParts.join(shownParts.some((phrase) => phrase.includes('\n')) ? '\n' : ' ')
}
