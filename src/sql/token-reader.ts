// Reads the tokens of SQL text from left to right: keywords, names, literals, parentheses.
import { scan, type Token } from './scan.js'

/** As the server writes a name: folded where it is not quoted, without quotes, and without the schema `public`. */
export const plainName = (parts: readonly string[]): string => parts.join('.').replace(/^public\.(?=.)/, '')

/** The tokens of one text, with a place in them. */
export class TokenReader {
  readonly #text: string
  readonly #tokens: readonly Token[]
  readonly #ends: ReadonlyMap<number, number>
  #at = 0

  constructor(text: string) {
    const { tokens, regions } = scan(text)
    this.#text = text
    this.#tokens = tokens
    this.#ends = new Map(regions.map(({ start, end }) => [start, end]))
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** The keyword (in upper case) or sign here; empty for a quoted name and at the end. */
  get word(): string {
    return this.wordAfter(0)
  }

  wordAfter(tokens: number): string {
    const token = this.#tokens[this.#at + tokens]
    return token === undefined || token.kind === 'quoted' ? '' : token.text.toUpperCase()
  }

  next(): void {
    this.#at++
  }

  /** Passes these keywords if they all come next. */
  take(...words: readonly string[]): boolean {
    if (words.some((word, index) => this.wordAfter(index) !== word)) return false
    this.#at += words.length
    return true
  }

  /** Passes the first of these phrases that comes next, and gives it. */
  takeOne<P extends string>(...phrases: readonly P[]): P | undefined {
    return phrases.find((phrase) => this.take(...phrase.split(' ')))
  }

  /** Passes a name with or without a schema. Undefined, without moving, where there is none. */
  name(): string | undefined {
    const parts: string[] = []
    for (;;) {
      const part = this.identifier()
      if (part === undefined) break
      parts.push(part)
      if (this.word !== '.') break
      this.#at++
    }
    return parts.length === 0 ? undefined : plainName(parts)
  }

  /** Passes one part of a name. */
  identifier(): string | undefined {
    const token = this.#tokens[this.#at]
    if (token === undefined || token.kind === 'sign') return undefined
    this.#at++
    return token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll('""', '"') : token.text.toLowerCase()
  }

  /** Passes a string and gives its content. */
  literal(): string | undefined {
    if (this.word === 'E' && this.wordAfter(1) === "'") this.#at++
    const token = this.#tokens[this.#at]
    const end = token === undefined || token.text !== "'" ? undefined : this.#ends.get(token.start)
    if (token === undefined || end === undefined) return undefined
    this.#at++
    const written = this.#text.slice(token.start, end)
    if (!written.startsWith('$')) return written.slice(1, -1).replaceAll("''", "'")
    const edge = written.indexOf('$', 1) + 1
    return written.slice(edge, -edge)
  }

  /** Passes what is in parentheses, if one opens here. */
  skipParentheses(): void {
    let depth = 0
    for (; !this.ended; this.#at++) {
      const { word } = this
      if (word === '(') depth++
      else if (word === ')') depth--
      if (depth <= 0) break
    }
    if (this.word === ')') this.#at++
  }

  /** Goes on to one of these words outside of parentheses; false, at the end, if there is none. */
  skipTo(...words: readonly string[]): boolean {
    while (!this.ended) {
      if (words.includes(this.word)) return true
      if (this.word === '(') this.skipParentheses()
      else this.#at++
    }
    return false
  }
}
