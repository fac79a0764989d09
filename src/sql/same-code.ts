// Whether two texts of SQL or PL/pgSQL differ in blanks and comments only.
import { scan, type Token } from './scan.js'

/**
 * Strings, dollar-quoted texts and quoted names have to be equal character by character, words in their case as well.
 * Blanks count where they can part two tokens: `a < -1` and `a <-1` are different, `a+1` and `a + 1` are the same.
 */
export function sameCode(a: string, b: string): boolean {
  return a === b || codeOf(a).join('\n') === codeOf(b).join('\n')
}

/** Characters that form a token alone, whatever is beside them. */
const ALONE = new Set(['(', ')', '[', ']', ',', ';'])
/** Characters of operators (PostgreSQL, "Lexical Structure": Operators), and the colon of `::` and `:=`. */
const OPERATOR = /^[-+*/<>=~!@#%^&|`?:]$/

/** The tokens as they are written, with a blank before one that is apart from a token which it could join. */
function codeOf(text: string): readonly string[] {
  const { regions, tokens } = scan(text)
  const ends = new Map(regions.map(({ start, end }) => [start, end]))
  const found: string[] = []
  let last: { readonly token: Token; readonly end: number } | undefined
  for (const token of tokens) {
    const end = ends.get(token.start) ?? token.start + token.text.length
    const apart = last !== undefined && last.end < token.start && joins(last.token, token)
    found.push(`${apart ? ' ' : ''}${text.slice(token.start, end)}`)
    last = { token, end }
  }
  const opaque = regions.filter(({ kind }) => kind === 'psql' || kind === 'copy data')
  return [...found, ...opaque.map(({ start, end }) => text.slice(start, end))]
}

const joins = (a: Token, b: Token): boolean =>
  !ALONE.has(a.text) && !ALONE.has(b.text) && OPERATOR.test(a.text) === OPERATOR.test(b.text)
