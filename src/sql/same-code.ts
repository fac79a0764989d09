// Whether two SQL texts say the same to the server: only comments, blanks and blank lines may differ.
import { scan } from './scan.js'

/**
 * Strings, quoted names, bodies, data of COPY and psql commands are compared character by character: a comment in the
 * body of a function is part of what the server stores.
 */
export const sameCode = (a: string, b: string): boolean => a === b || codeOf(a) === codeOf(b)

/** Blanks next to these mean nothing (PostgreSQL, scan.l: each is a token of its own). */
const BETWEEN_TOKENS = /^[;,()[\]]$/

/** The text with one blank for each run of blanks and comments; empty where it holds no code. */
export function codeOf(text: string): string {
  const out: string[] = []
  let at = 0
  let blank = ''
  let afterString = false
  const add = (piece: string, isString: boolean): void => {
    const last = out.at(-1)
    if (blank !== '' && last !== undefined) {
      // Two strings are one where a line break is between them, and an error otherwise (SQL, "String Constants").
      const needed = !BETWEEN_TOKENS.test(last) && !BETWEEN_TOKENS.test(piece)
      if (needed) out.push(afterString && isString && /[\r\n]/.test(blank) ? '\n' : ' ')
    }
    out.push(piece)
    blank = ''
    afterString = isString
  }
  const addCode = (code: string): void => {
    for (const [piece] of code.matchAll(/[ \t\n\v\f\r]+|[;,()[\]]|[^ \t\n\v\f\r;,()[\]]+/g)) {
      if (/^[ \t\n\v\f\r]/.test(piece)) blank += piece
      else add(piece, false)
    }
  }
  for (const { kind, start, end } of scan(text).regions) {
    addCode(text.slice(at, start))
    if (kind === 'comment') blank += ' '
    else add(text.slice(start, end), kind === 'string')
    at = end
  }
  addCode(text.slice(at))
  return out.join('')
}
