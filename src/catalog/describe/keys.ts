// How one key of a definition is put in words, and the values that many keys share.
import { literal as quoteText } from '../../sql/quote.js'

export type Definition = Readonly<Record<string, unknown>>

/**
 * `say` gets the value, its whole definition and, in a change, the definition on the other side; an empty answer says
 * nothing. `none` stands for an absent key when the other side of a change has it. `quiet` keys are said only when
 * nothing else is. `frame` keys are said in every change of another frame key, so that the line reads as a whole.
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

/** `word(key, (text) => ..., none)` for a key whose value is told as text. */
export const word = (key: string, say: (text: string, definition: Definition) => string, none = `no ${key}`): Word => ({
  key,
  say: (value, definition) => say(plain(value), definition),
  none,
})

/** A key that is true or not; what is off is said only in a change. */
export const flag = (key: string, on: string, off: string): Word => ({
  key,
  say: (value, _definition, other) => (value !== false ? on : other === undefined ? '' : off),
  none: off,
})

/** A key whose values are single letters of the catalogue. */
export const letter = (key: string, names: Readonly<Record<string, string>>, none = ''): Word =>
  word(key, (text) => names[text] ?? `${key} ${text}`, none)

/** A key that belongs to the first line about an object. */
export const framed = (inner: Word): Word => ({ ...inner, frame: true })

/** A key that is worth a word only when nothing else differs. */
export const quiet = (inner: Word): Word => ({ ...inner, quiet: true })

export const owner: Word = quiet(word('owner', (text) => `owner ${text}`))
