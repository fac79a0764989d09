// Lines, words and white space as the Go tools see them. JavaScript sees them differently.

/** The white space of Go's `unicode.IsSpace`: with U+0085, without U+FEFF, unlike `\s` and `trim` here. */
const SPACE = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const LEADING = new RegExp(`^[${SPACE}]+`)
const WORD = new RegExp(`[^${SPACE}]+`, 'g')
const ONE_SPACE = new RegExp(`[${SPACE}]`)

/** One line of a file, without its end; `number` counts from 1. */
export type Line = { readonly text: string; readonly number: number }

/** Go's `bufio.ScanLines`: cut at `\n`, one `\r` before it dropped; a last line without end counts, an empty one does not. */
export function scanLines(text: string): readonly Line[] {
  const parts = text.split('\n')
  if (parts.at(-1) === '') parts.pop()
  return parts.map((part, i) => ({ text: part.endsWith('\r') ? part.slice(0, -1) : part, number: i + 1 }))
}

/** The first line that Go's scanner would refuse, its buffer being `limit` bytes; undefined when all fit. */
export function tooLong(lines: readonly Line[], limit: number): Line | undefined {
  // A UTF-16 unit is at most three bytes, so most lines need no counting.
  return lines.find((line) => line.text.length * 3 >= limit && Buffer.byteLength(line.text, 'utf8') >= limit)
}

/** Where Go's `strings.TrimSpace` would begin and end. */
export function trimmed(text: string): { readonly start: number; readonly end: number } {
  let end = text.length
  while (end > 0 && ONE_SPACE.test(text.charAt(end - 1))) end--
  const start = end === 0 ? 0 : (LEADING.exec(text)?.[0].length ?? 0)
  return { start, end }
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const { start, end } = trimmed(text)
  return text.slice(start, end)
}

/** Go's `strings.Fields`. */
export const wordsOf = (text: string): readonly string[] => text.match(WORD) ?? []

/**
 * Whether a line ends a statement, by the rule that goose and sql-migrate share. The last word before the first word
 * that starts with `--` ends in a semicolon. The rule ignores strings and quotes.
 */
export function endsWithSemicolon(line: string): boolean {
  if (!line.includes(';')) return false
  const words = wordsOf(line)
  const comment = words.findIndex((word) => word.startsWith('--'))
  return (comment === -1 ? words : words.slice(0, comment)).at(-1)?.endsWith(';') ?? false
}
