// Names as the catalogue prints them: split into parts, and found in other texts.

/** The parts of a dotted name, each still quoted where it was: `public."My t".c` -> `public`, `"My t"`, `c`. */
export const partsOf = (identity: string): readonly string[] => beforeArguments(identity).match(PART) ?? []

const PART = /"(?:[^"]|"")*"|[^".]+/g

/** A routine without its arguments: `public.f(a integer)` -> `public.f`. */
const beforeArguments = (identity: string): string => /^(?:"(?:[^"]|"")*"|[^"(])+/.exec(identity)?.[0] ?? identity

export const lastPart = (identity: string): string => partsOf(identity).at(-1) ?? identity

/** Everything before the last dot. */
export const parentOf = (identity: string): string => partsOf(identity).slice(0, -1).join('.')

/** A different name in the same schema: `sibling('public.a', 'b')` -> `public.b`. */
export const sibling = (identity: string, name: string): string => [...partsOf(identity).slice(0, -1), name].join('.')

/** A name with a suffix, quotes kept: `mood` -> `mood_old`, `"My mood"` -> `"My mood_old"`. */
export const extended = (name: string, tail: string): string =>
  name.endsWith('"') ? `${name.slice(0, -1)}${tail}"` : `${name}${tail}`

/** What is added to the name of an object that is in the way until its successor is made. */
export const SET_ASIDE = '_set_aside'

const TOKEN = /"(?:[^"]|"")+"|[\w$\u0080-\uffff]+/g

/** Every word of a text that could be a name, quoted names with their quotes; words in strings count as well. */
export const namesIn = (text: string): ReadonlySet<string> => new Set(text.match(TOKEN) ?? [])

/** The text with one name replaced by another; parts of longer words are kept. */
export const renamedIn = (text: string, from: string, to: string): string =>
  text.replaceAll(TOKEN, (token) => (token === from ? to : token))
