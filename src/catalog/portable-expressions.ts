// Expressions as PostgreSQL writes them back, in the one of two ways that it writes them for good. Pure.

const START = '(ARRAY['
const CAST = /^\)::((?:"[^"]+"|[a-z_][\w ]*)(?:\.(?:"[^"]+"|[a-z_]\w*))?(?:\(\d+(?:,\d+)?\))?)\[\]/

/**
 * `(ARRAY[a, b])::text[]` as `ARRAY[(a)::text, (b)::text]`. PostgreSQL writes the first for what somebody typed as
 * `varchar IN ('a', 'b')`, and reads that back as the second: what went through a dump is written otherwise, and is the same.
 */
export function normalizedExpression(text: string): string {
  let at = text.indexOf(START)
  if (at < 0) return text
  let done = ''
  let from = 0
  while (at >= 0) {
    const { items, end } = itemsOf(text, at + START.length)
    const cast = CAST.exec(text.slice(end + 1))
    if (cast === null) {
      done += text.slice(from, at + START.length)
      from = at + START.length
    } else {
      done += `${text.slice(from, at)}ARRAY[${items.map((item) => `(${normalizedExpression(item)})::${cast[1] ?? ''}`).join(', ')}]`
      from = end + 1 + cast[0].length
    }
    at = text.indexOf(START, from)
  }
  return done + text.slice(from)
}

/** What stands between commas up to the bracket that closes, whose place is `end`. */
function itemsOf(text: string, start: number): { readonly items: readonly string[]; readonly end: number } {
  const items: string[] = []
  let depth = 0
  let from = start
  let at = start
  for (; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (sign === "'" || sign === '"') at = endOfQuoted(text, at, sign)
    else if (sign === '(' || sign === '[') depth++
    else if (depth === 0 && sign === ']') break
    else if (sign === ')' || sign === ']') depth--
    else if (depth === 0 && sign === ',') {
      items.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return { items: [...items, text.slice(from, at).trim()], end: at }
}

/** A quote in it is written twice. */
function endOfQuoted(text: string, start: number, quote: string): number {
  let at = start + 1
  while (at < text.length && (text[at] !== quote || text[at + 1] === quote)) at += text[at] === quote ? 2 : 1
  return at
}
