// The clauses of one statement: where each begins, whatever strings, comments and parentheses hold.
import { scan } from './scan.js'
import { withoutComments } from './statements.js'

/**
 * A statement without its comments, and its `outline`: the same text, in which the insides of parentheses, strings and
 * quoted names are blanks or `x`. Offsets are valid in both.
 */
export type Outlined = { readonly text: string; readonly outline: string }

export function outlined(statement: string): Outlined {
  const text = withoutComments(statement)
  const { regions, tokens } = scan(text)
  const shown = text.split('')
  const hide = (from: number, to: number, by: string): void => {
    for (let at = from; at < to; at++) if (!/[\r\n]/.test(text.charAt(at))) shown[at] = by
  }
  for (const { kind, start, end } of regions) {
    if (kind === 'identifier') hide(start + 1, end - 1, 'x')
    else hide(start, end, ' ')
  }
  const opened: number[] = []
  for (const { text: sign, start, kind } of tokens) {
    if (kind !== 'sign') continue
    if (sign === '(' || sign === '[') opened.push(start)
    else if (sign === ')' || sign === ']') {
      const open = opened.pop()
      if (open !== undefined) hide(open + 1, start, ' ')
    }
  }
  return { text, outline: shown.join('') }
}

/** A clause: its keyword in upper case, and the text behind it up to the next one. */
export type Clause = { readonly keyword: string; readonly text: string; readonly outline: string }

/**
 * Cuts a statement at keywords outside of parentheses. The first part has no keyword. `IS DISTINCT FROM` is no clause.
 */
export function clausesOf({ text, outline }: Outlined, keywords: readonly string[]): readonly Clause[] {
  const pattern = new RegExp(String.raw`(?<![\w$."])(?:${keywords.join('|')})(?![\w$"])`, 'gi')
  const starts = [...outline.matchAll(pattern)].filter(
    ({ 0: word, index }) => word.toUpperCase() !== 'FROM' || !/\bDISTINCT\s+$/i.test(outline.slice(0, index)),
  )
  return [undefined, ...starts].map((start, at) => {
    const from = start === undefined ? 0 : start.index + start[0].length
    const to = starts[at]?.index ?? text.length
    return {
      keyword: start?.[0].toUpperCase().replaceAll(/\s+/g, ' ') ?? '',
      text: text.slice(from, to).trim(),
      outline: outline.slice(from, to),
    }
  })
}

/** Cuts a text at commas outside of parentheses. */
export function listOf(text: string): readonly string[] {
  const { text: plain, outline } = outlined(text)
  const parts: string[] = []
  let from = 0
  for (const { index } of outline.matchAll(/,/g)) {
    parts.push(plain.slice(from, index).trim())
    from = index + 1
  }
  return [...parts, plain.slice(from).trim()]
}

/** The names before a parenthesis in a text: functions that it may call, in lower case, without their schemas. */
export function callsIn(text: string): readonly string[] {
  const { tokens } = scan(text)
  const names = tokens.flatMap(({ text: name, kind }, at) =>
    kind !== 'sign' && tokens[at + 1]?.text === '(' ? [nameIn(name)] : [],
  )
  return [...new Set(names)]
}

/** The text with other names; `names` gives the new one in SQL form. Strings and the names of functions stay. */
export function withNames(text: string, names: ReadonlyMap<string, string>): string {
  const { tokens } = scan(text)
  let out = ''
  let at = 0
  for (const [i, { text: word, start, kind }] of tokens.entries()) {
    const name = kind === 'sign' || tokens[i + 1]?.text === '(' ? undefined : names.get(nameIn(word))
    if (name === undefined) continue
    out += text.slice(at, start) + name
    at = start + word.length
  }
  return out + text.slice(at)
}

/** The name that an identifier stands for: folded to lower case, or as it is quoted. */
export const nameIn = (identifier: string): string =>
  identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier.toLowerCase()

/** Every name and keyword of a text, as `nameIn` gives it. */
export const wordsIn = (text: string): ReadonlySet<string> =>
  new Set(scan(text).tokens.flatMap(({ text: word, kind }) => (kind === 'sign' ? [] : [nameIn(word)])))
