// The words for one key of a definition, and the values that many keys share.
import { literal as quoteText } from '../../sql/quote.js'

export type Definition = Readonly<Record<string, unknown>>

/**
 * `say` gets the value, its whole definition and, in a change, the definition on the other side; an empty result adds no
 * words. `none` replaces an absent key if the other side of a change has it. `quiet` keys appear only if no other key
 * does. `frame` keys appear in every change of another frame key, so that the line is complete.
 */
export type Word = {
  readonly key: string
  readonly say: (value: unknown, definition: Definition, other: Definition | undefined) => string
  readonly none: string
  readonly quiet?: true
  readonly frame?: true
}

/** Any JSON value as short text; an object as `key value` pairs in its own order. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(plain).join(', ')
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => `${key} ${plain(inner)}`)
      .join(', ')
  }
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? value.toString() : ''
}

/** An SQL string literal. */
export const literal = (value: unknown): string => quoteText(plain(value))

/** `word(key, (text) => ..., none)` for a key whose value is text. */
export const word = (key: string, say: (text: string, definition: Definition) => string, none = `no ${key}`): Word => ({
  key,
  say: (value, definition) => say(plain(value), definition),
  none,
})

/** A boolean key; false appears only in a change. */
export const flag = (key: string, on: string, off: string): Word => ({
  key,
  say: (value, _definition, other) => (value !== false ? on : other === undefined ? '' : off),
  none: off,
})

/** A key whose values are single letters of the catalogue. */
export const letter = (key: string, names: Readonly<Record<string, string>>, none = ''): Word =>
  word(key, (text) => names[text] ?? `${key} ${text}`, none)

/** A key of the first line about an object. */
export const framed = (inner: Word): Word => ({ ...inner, frame: true })

/** A key that appears only if no other key differs. */
export const quiet = (inner: Word): Word => ({ ...inner, quiet: true })

export const owner: Word = quiet(word('owner', (text) => `owner ${text}`))
