// Texts that match a pattern: of LIKE, or a regular expression of PostgreSQL.
import { quoted } from '../../../sql/quote.js'

/** One character: fixed, or any of an alphabet. */
type Part = string | { readonly alphabet: string }

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGIT = '0123456789'
const WORD = `${LOWER}${DIGIT}`

/** SQL for the n-th text of these parts: the alphabets are the digits of n. */
function textOf(parts: readonly Part[]): (n: string) => string {
  const pieces: ((n: string) => string)[] = []
  let fixed = ''
  let divisor = 1
  for (const part of parts) {
    if (typeof part === 'string' || part.alphabet.length === 1 || divisor > 1_000_000) {
      fixed += typeof part === 'string' ? part : part.alphabet.charAt(0)
      continue
    }
    const [text, by, alphabet] = [fixed, divisor, part.alphabet]
    pieces.push(
      (n) =>
        `${quoted(text)} || pg_catalog.substr(${quoted(alphabet)}, (1 + ${n} / ${by} % ${alphabet.length})::int, 1)`,
    )
    fixed = ''
    divisor *= alphabet.length
  }
  return (n) => `(${[...pieces.map((piece) => piece(n)), `${quoted(fixed)}::text`].join(' || ')})`
}

/** Texts that LIKE takes, of few characters and of some more. */
export const textsLike = (pattern: string): readonly ((n: string) => string)[] =>
  [0, 3].map((any) => textOf([...likeParts(pattern, any)]))

function* likeParts(pattern: string, any: number): Generator<Part> {
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === '\\') yield pattern.charAt(++at)
    else if (char === '_') yield { alphabet: WORD }
    else if (char === '%') yield* repeated([{ alphabet: WORD }], any)
    else yield char
  }
}

const repeated = (parts: readonly Part[], times: number): readonly Part[] =>
  Array.from({ length: times }, () => parts).flat()

/**
 * Texts that the expression may match: with its repetitions as short as it allows, somewhat longer, and as long as it allows. Lookaround
 * and references back are read as nothing, so the server has the last word.
 */
export const textsMatching = (pattern: string): readonly ((n: string) => string)[] =>
  [0, 3, 12, 64].flatMap((more) => [0, 1].map((branch) => textOf(new Expression(pattern, more, branch).read())))

/** As long as a text may get, in characters. */
const MOST = 256

/** As much of an expression is read, in characters. */
const LONGEST_PATTERN = 1_000

/** A reader of one expression, which yields the parts of a text. `more`: repetitions beyond the least; `branch`: which alternative. */
class Expression {
  private at = 0
  private readonly pattern: string
  private readonly more: number
  private readonly branch: number

  constructor(pattern: string, more: number, branch: number) {
    this.pattern = pattern.slice(0, LONGEST_PATTERN).replace(/^\*\*\*[:=]|^\(\?[a-z]+\)/, '')
    this.more = more
    this.branch = branch
  }

  read(): readonly Part[] {
    return this.alternatives().slice(0, MOST)
  }

  private alternatives(): readonly Part[] {
    const all = [this.sequence()]
    while (this.take('|')) all.push(this.sequence())
    return all[Math.min(this.branch, all.length - 1)] ?? []
  }

  private sequence(): readonly Part[] {
    const parts: Part[] = []
    while (this.at < this.pattern.length && !'|)'.includes(this.pattern.charAt(this.at))) {
      const atom = this.atom()
      parts.push(...repeated(atom.slice(0, MOST), Math.min(this.times(), MOST)).slice(0, MOST))
      if (parts.length > MOST) break
    }
    return parts
  }

  private atom(): readonly Part[] {
    const char = this.pattern.charAt(this.at++)
    if (char === '^' || char === '$') return []
    if (char === '.') return [{ alphabet: WORD }]
    if (char === '[') return [{ alphabet: this.bracket() }]
    if (char === '\\') return this.escape()
    if (char !== '(') return [char]
    const ignored = /^\?(?:[=!]|<[=!])/.test(this.pattern.slice(this.at))
    const prefix = /^\?(?:[=!:]|<[=!])/.exec(this.pattern.slice(this.at))?.[0].length ?? 0
    this.at += prefix
    const inside = this.alternatives()
    this.take(')')
    return ignored ? [] : inside
  }

  private escape(): readonly Part[] {
    const char = this.pattern.charAt(this.at++)
    if (/[mMyYAZB\d]/.test(char)) return []
    const alphabet = ESCAPES[char]
    return [alphabet === undefined ? (CONTROLS[char] ?? char) : { alphabet }]
  }

  /** The characters of a bracket expression that are best to read. */
  private bracket(): string {
    const not = this.take('^')
    const chars = new Set<string>()
    const add = (some: string): void => some.split('').forEach((one) => chars.add(one))
    for (
      let first = true;
      this.at < this.pattern.length && (first || this.pattern.charAt(this.at) !== ']');
      first = false
    ) {
      const named = /^\[[:.=](\w+|.)[:.=]\]/.exec(this.pattern.slice(this.at))
      if (named !== null) {
        this.at += named[0].length
        add(CLASSES[named[1] ?? ''] ?? named[1] ?? '')
        continue
      }
      const from = this.bracketChar(add)
      if (from === undefined) continue
      if (/^-[^\]]/.test(this.pattern.slice(this.at))) {
        this.at++
        add(between(from, this.bracketChar(add) ?? from))
      } else add(from)
    }
    this.take(']')
    const readable = `${WORD}${LOWER.toUpperCase()}_-. `.split('').filter((char) => chars.has(char) !== not)
    return readable.length > 0 ? readable.slice(0, 36).join('') : not ? '!' : [...chars].slice(0, 36).join('') || 'a'
  }

  private bracketChar(add: (chars: string) => void): string | undefined {
    const char = this.pattern.charAt(this.at++)
    if (char !== '\\') return char
    const escaped = this.pattern.charAt(this.at++)
    const alphabet = ESCAPES[escaped]
    if (alphabet === undefined) return CONTROLS[escaped] ?? escaped
    add(alphabet)
    return undefined
  }

  private times(): number {
    const [whole = '', mark, least, comma, most] =
      /^(?:([*+?])|\{(\d+)(,(\d+)?)?\})\??/.exec(this.pattern.slice(this.at)) ?? []
    this.at += whole.length
    if (whole === '') return 1
    if (mark !== undefined) return mark === '?' ? Math.min(1, this.more) : (mark === '+' ? 1 : 0) + this.more
    const from = Number(least)
    const to = comma === undefined ? from : most === undefined ? Infinity : Number(most)
    return Math.min(from + this.more, to)
  }

  private take(char: string): boolean {
    if (this.pattern.charAt(this.at) !== char) return false
    this.at++
    return true
  }
}

const ESCAPES: Readonly<Record<string, string>> = { d: DIGIT, w: WORD, s: ' ', D: LOWER, W: ' ', S: WORD }
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
const CLASSES: Readonly<Record<string, string>> = {
  alpha: LOWER,
  alnum: WORD,
  digit: DIGIT,
  lower: LOWER,
  upper: LOWER.toUpperCase(),
  xdigit: `${DIGIT}abcdef`,
  space: ' ',
  blank: ' ',
  word: WORD,
  punct: '.-',
  print: WORD,
  graph: WORD,
}

function between(from: string, to: string): string {
  const [first, last] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]
  return Array.from({ length: Math.min(Math.max(last - first + 1, 0), 300) }, (_, i) =>
    String.fromCodePoint(first + i),
  ).join('')
}
