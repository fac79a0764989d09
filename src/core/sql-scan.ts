// Where comments, strings, quoted identifiers and psql commands stand in SQL text; everything else is code.

/**
 * `string` covers '..', E'..', U&'..', B'..' and X'..' without the prefix letter; `dollar` is $tag$..$tag$;
 * `psql` is a backslash command up to the end of its line; `copy data` is what follows COPY .. FROM stdin; up to `\.`.
 */
export type RegionKind = 'comment' | 'string' | 'dollar' | 'identifier' | 'psql' | 'copy data'

/** Offsets in UTF-16 units, delimiters included. `open` says that the end of the text came before the closing delimiter. */
export type Region = { readonly kind: RegionKind; readonly start: number; readonly end: number; readonly open: boolean }

/** A word (identifier, keyword or number) or one other character of code, with its offset. */
export type Token = { readonly text: string; readonly start: number; readonly kind: 'word' | 'quoted' | 'sign' }

export type Scan = { readonly regions: readonly Region[]; readonly tokens: readonly Token[] }

// As PostgreSQL's scan.l has it: every byte from 0x80 on may stand in an identifier.
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[0-9][\w.\u0080-\uffff]*/y
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const SPACE = /[\s]+/y
const STRING_GOES_ON = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:\s|--[^\n\r]*[\n\r])*'/y
const COPY_END = /^\\\.[ \t]*\r?$/gm

/** Never fails: what is not closed goes to the end of the text. A byte order mark at offset 0 counts as white space. */
export function scan(text: string): Scan {
  const regions: Region[] = []
  const tokens: Token[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  const region = (kind: RegionKind, found: { end: number; open: boolean }): void => {
    regions.push({ kind, start: at, ...found })
    if (kind === 'identifier') tokens.push({ text: text.slice(at, found.end), start: at, kind: 'quoted' })
    else if (kind === 'string' || kind === 'dollar') tokens.push({ text: "'", start: at, kind: 'sign' })
    at = found.end
  }
  while (at < text.length) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    const space = match(SPACE, text, at)
    if (space !== undefined) at += space.length
    else if (char === '-' && next === '-') region('comment', lineEnd(text, at))
    else if (char === '/' && next === '*') region('comment', blockEnd(text, at))
    else if (char === "'") region('string', stringEnd({ text, start: at, escapes: escapes(tokens, at) }))
    else if (char === '"') region('identifier', quoteEnd({ text, from: at + 1, quote: '"' }))
    else if (char === '\\') region('psql', lineEnd(text, at))
    else {
      const tag = char === '$' ? match(DOLLAR, text, at) : undefined
      if (tag !== undefined) {
        const close = text.indexOf(tag, at + tag.length)
        region('dollar', { end: close < 0 ? text.length : close + tag.length, open: close < 0 })
        continue
      }
      const word = match(WORD, text, at) ?? char
      tokens.push({ text: word, start: at, kind: word === char && !/[\w\u0080-\uffff]/.test(char) ? 'sign' : 'word' })
      at += word.length
      const data = word === ';' ? copyData(text, { tokens, at }) : undefined
      if (data !== undefined) region('copy data', { end: data, open: false })
    }
  }
  return { regions, tokens }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function lineEnd(text: string, start: number): { end: number; open: boolean } {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return { end: at, open: false }
  }
  return { end: text.length, open: false }
}

function blockEnd(text: string, start: number): { end: number; open: boolean } {
  let depth = 1
  for (let at = start + 2; at < text.length; at++) {
    if (text.startsWith('*/', at)) {
      depth--
      at++
      if (depth === 0) return { end: at + 1, open: false }
    } else if (text.startsWith('/*', at)) {
      depth++
      at++
    }
  }
  return { end: text.length, open: true }
}

type QuoteOptions = { readonly text: string; readonly from: number; readonly quote: string }

function quoteEnd({ text, from, quote }: QuoteOptions): { end: number; open: boolean } {
  let at = from
  for (;;) {
    const close = text.indexOf(quote, at)
    if (close < 0) return { end: text.length, open: true }
    if (text.charAt(close + 1) !== quote) return { end: close + 1, open: false }
    at = close + 2
  }
}

/** E'..' goes on after a line break and another quote, and its backslashes escape there too (scan.l, quotecontinue). */
function stringEnd(options: { text: string; start: number; escapes: boolean }): { end: number; open: boolean } {
  const { text, start } = options
  if (!options.escapes) return quoteEnd({ text, from: start + 1, quote: "'" })
  let at = start + 1
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '\\') at += 2
    else if (char !== "'") at++
    else if (text.charAt(at + 1) === "'") at += 2
    else {
      const more = match(STRING_GOES_ON, text, at + 1)
      if (more === undefined) return { end: at + 1, open: false }
      at += 1 + more.length
    }
  }
  return { end: text.length, open: true }
}

function escapes(tokens: readonly Token[], quote: number): boolean {
  const last = tokens.at(-1)
  return last?.start === quote - 1 && (last.text === 'E' || last.text === 'e')
}

/** Offset after the line `\.` when the statement that ends here is COPY .. FROM stdin and such a line follows. */
function copyData(text: string, { tokens, at }: { tokens: readonly Token[]; at: number }): number | undefined {
  let first = tokens.length - 1
  while (first > 0 && tokens[first - 1]?.text !== ';') first--
  if (tokens[first]?.text.toUpperCase() !== 'COPY') return undefined
  const words = tokens.slice(first).map((token) => token.text.toUpperCase())
  if (!words.some((word, i) => word === 'FROM' && words[i + 1] === 'STDIN')) return undefined
  COPY_END.lastIndex = at
  return COPY_END.exec(text) === null ? undefined : COPY_END.lastIndex
}
