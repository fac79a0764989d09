// SQL text -> statements with positions. It parses only as much of the grammar as it needs to find the end of a
// statement.
import { scan, type Token } from './scan.js'

/**
 * `text` is from the first word to the last character of code before the semicolon; `start` and `end` are offsets in the
 * source text (UTF-16 units), `end` after the semicolon if there is one; `words` are the first eight words of code, in
 * upper case, without comments. A quoted identifier is one word and keeps its quotes and its case.
 */
export type Statement = {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly words: readonly string[]
}

const WORDS = 8

/**
 * Splits where the server would: a semicolon outside strings, comments, parentheses (CREATE RULE .. DO (a; b)) and BEGIN
 * ATOMIC .. END bodies. Statements without any code are left out. Never fails; broken text gives the statements that can
 * be separated. psql commands and COPY data belong to no statement.
 */
export function splitStatements(text: string): Statement[] {
  const { regions, tokens } = scan(text)
  const mayBeAtomic = /\batomic\b/i.test(text)
  const endOf = new Map(regions.map((region) => [region.start, region.end]))
  const statements: Statement[] = []
  let own: Token[] = []
  let depth = 0
  let atomic = 0
  const close = (end: number | undefined): void => {
    const first = own[0]
    const last = own.at(-1)
    if (first !== undefined && last !== undefined) {
      const lastEnd = endOf.get(last.start) ?? last.start + last.text.length
      statements.push({
        text: text.slice(first.start, lastEnd),
        start: first.start,
        end: end ?? lastEnd,
        words: firstWords(own),
      })
    }
    own = []
    depth = 0
    atomic = 0
  }
  for (const [index, token] of tokens.entries()) {
    if (token.text === ';' && depth === 0 && atomic === 0) {
      close(token.start + 1)
      continue
    }
    own.push(token)
    if (token.text === '(') depth++
    else if (token.text === ')') depth = Math.max(0, depth - 1)
    else if (mayBeAtomic && token.kind === 'word' && depth === 0 && nests(token.text)) {
      atomic = atomicDepth({ atomic, token, next: tokens[index + 1], own })
    }
  }
  close(undefined)
  return statements
}

/**
 * The text with comments, psql commands, COPY data and the insides of strings as spaces. Length, line breaks, quotes and
 * dollar tags stay the same. So a pattern finds only code, and its offsets are valid in the source text.
 */
export function codeOnly(text: string): string {
  return blank(text, (kind) => kind !== 'identifier')
}

/** The text with comments as spaces and everything else unchanged. */
export function withoutComments(text: string): string {
  if (!/--|\/\*/.test(text)) return text
  return blank(text, (kind) => kind === 'comment')
}

/** The text with comments and the insides of strings as spaces; bodies in dollar quotes stay. */
export const withoutStrings = (text: string): string => blank(text, (kind) => kind === 'comment' || kind === 'string')

/** The first words of a statement, without literals and comments, for people. */
export function headOf(text: string): string {
  const words = withoutStrings(text).replaceAll(/\s+/g, ' ').trim()
  return words.length > HEAD ? `${words.slice(0, HEAD).trimEnd()} ...` : words
}

/** Characters. */
const HEAD = 60

/** The content of the first dollar-quoted string, undefined if there is none. */
export function dollarQuoted(text: string): string | undefined {
  const tag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(codeOnly(text))
  if (tag === null) return undefined
  return text.slice(tag.index + tag[0].length, text.lastIndexOf(tag[0]))
}

function blank(text: string, hidden: (kind: string) => boolean): string {
  let out = ''
  let at = 0
  for (const region of scan(text).regions) {
    if (!hidden(region.kind)) continue
    const edge = edgeOf(text, region)
    const end = region.open ? region.end : region.end - edge
    out += text.slice(at, region.start + edge)
    out += text.slice(region.start + edge, end).replaceAll(/[^\r\n]/g, ' ')
    at = end
  }
  return out + text.slice(at)
}

/** The length of the visible delimiter at each end. */
function edgeOf(text: string, { kind, start }: { kind: string; start: number }): number {
  if (kind === 'string') return 1
  return kind === 'dollar' ? text.indexOf('$', start + 1) + 1 - start : 0
}

const firstWords = (tokens: readonly Token[]): string[] => {
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'sign') continue
    words.push(token.kind === 'quoted' ? token.text : token.text.toUpperCase())
    if (words.length === WORDS) break
  }
  return words
}

const nests = (word: string): boolean => /^(?:begin|case|end)$/i.test(word)

type AtomicOptions = {
  readonly atomic: number
  readonly token: Token
  readonly next: Token | undefined
  readonly own: readonly Token[]
}

/** SQL-standard bodies exist in CREATE FUNCTION and CREATE PROCEDURE only; CASE .. END may nest in them. */
function atomicDepth({ atomic, token, next, own }: AtomicOptions): number {
  switch (token.text.toUpperCase()) {
    case 'BEGIN':
      return atomic === 0 && next?.text.toUpperCase() === 'ATOMIC' && isRoutine(firstWords(own)) ? 1 : atomic
    case 'CASE':
      return atomic > 0 ? atomic + 1 : 0
    default:
      return Math.max(0, atomic - 1)
  }
}

const isRoutine = (words: readonly string[]): boolean =>
  /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/.test(words.join(' '))

/** The statements of each message that was split before. */
const split = new WeakMap<object, readonly Statement[]>()

/** As `splitStatements`, once for each message: many callers ask, and a message never changes. */
export function statementsIn(message: { text: string }): readonly Statement[] {
  const known = split.get(message)
  if (known !== undefined) return known
  const statements = splitStatements(message.text)
  split.set(message, statements)
  return statements
}
