// Whether two texts of SQL or PL/pgSQL differ in blanks and comments only.
import { scan, type Token } from './scan.js'

/**
 * Strings, dollar-quoted texts and quoted names have to be equal character by character, words in their case as well.
 * Blanks count where they can part two tokens: `a < -1` and `a <-1` are different, `a+1` and `a + 1` are the same.
 */
export function sameCode(a: string, b: string): boolean {
  return a === b || codeOf(a) === codeOf(b)
}

/** Characters that form a token alone, whatever is beside them. */
const ALONE = new Set(['(', ')', '[', ']', ',', ';'])
/** Characters of operators (PostgreSQL, "Lexical Structure": Operators), and the colon of `::` and `:=`. */
const OPERATOR = /^[-+*/<>=~!@#%^&|`?:]$/

/**
 * The tokens as they are written, one a line, with a blank before one that is apart from a token which it could join. Empty
 * for a text without code.
 */
export function codeOf(text: string): string {
  const { regions, tokens } = scan(text)
  const ends = new Map(regions.map(({ start, end }) => [start, end]))
  const found: string[] = []
  let last: { readonly token: Token; readonly end: number } | undefined
  for (const token of tokens) {
    const end = ends.get(token.start) ?? token.start + token.text.length
    const gap = last === undefined ? '' : text.slice(last.end, token.start)
    const apart = last !== undefined && gap !== '' && joins(last.token, token)
    found.push(`${apart ? blankIn(gap, last?.token, token) : ''}${text.slice(token.start, end)}`)
    last = { token, end }
  }
  const opaque = regions.filter(({ kind }) => kind === 'psql' || kind === 'copy data')
  return [...found, ...opaque.map(({ start, end }) => text.slice(start, end))].join('\n')
}

/** Two strings are one where a line break is between them, and an error otherwise (PostgreSQL, "String Constants"). */
const blankIn = (gap: string, a: Token | undefined, b: Token): string =>
  a?.text === "'" && b.text === "'" && /[\r\n]/.test(gap) ? '\\n' : ' '

const joins = (a: Token, b: Token): boolean =>
  !ALONE.has(a.text) && !ALONE.has(b.text) && OPERATOR.test(a.text) === OPERATOR.test(b.text)
