// The places of comments, strings, quoted identifiers and psql commands in SQL text; everything else is code.

/**
 * `string` covers '..', E'..', U&'..', B'..' and X'..' without the prefix letter; `dollar` is $tag$..$tag$; `psql` is a
 * backslash command up to the end of its line; `copy data` is the data after COPY .. FROM stdin; up to `\.`.
 */
export type RegionKind = 'comment' | 'string' | 'dollar' | 'identifier' | 'psql' | 'copy data'

/** Offsets in UTF-16 units, delimiters included. `open` means that the text ends before the closing delimiter. */
export type Region = { readonly kind: RegionKind; readonly start: number; readonly end: number; readonly open: boolean }

/** A word (identifier, keyword or number) or one other character of code, with its offset. */
export type Token = { readonly text: string; readonly start: number; readonly kind: 'word' | 'quoted' | 'sign' }

export type Scan = { readonly regions: readonly Region[]; readonly tokens: readonly Token[] }

const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const STRING_GOES_ON = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:\s|--[^\n\r]*[\n\r])*'/y
const COPY_END = /^\\\.[ \t]*\r?$/gm

/** Never fails: an unclosed span extends to the end of the text. A byte order mark at offset 0 counts as white space. */
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
    if (isSpace(text, at)) at++
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
      const end = wordEnd(text, at)
      tokens.push(
        end === at ? { text: char, start: at, kind: 'sign' } : { text: text.slice(at, end), start: at, kind: 'word' },
      )
      at = Math.max(end, at + 1)
      const data = char === ';' ? copyData(text, { tokens, at }) : undefined
      if (data !== undefined) region('copy data', { end: data, open: false })
    }
  }
  return { regions, tokens }
}

/** Whether a text ends inside of a quote or a block comment: a tool has cut it there, and the server refuses it. */
export const endsInside = (text: string): boolean =>
  /['"$]|\/\*/.test(text) &&
  scan(text).regions.some(({ kind, start, open }) => open && (kind !== 'comment' || text.startsWith('/*', start)))

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 32 || (code >= 9 && code <= 13) || (code >= 0x80 && /\s/.test(text.charAt(at)))
}

/** The characters of a word: bit 1 letters, digits, `_` and all from 0x80 on (scan.l), bit 2 `$`, bit 4 the point. */
const IN_WORD = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  return /\w/.test(char) ? 1 : char === '$' ? 2 : char === '.' ? 4 : 0
})

/** The end of the identifier, keyword or number that starts here; the start itself if there is none. */
function wordEnd(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first < 0x80 && IN_WORD[first] !== 1) return start
  const allowed = first >= 48 && first <= 57 ? 5 : 3
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80 && ((IN_WORD[code] ?? 0) & allowed) === 0) break
  }
  return at
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

/** E'..' continues after a line break and another quote, and its backslashes escape there too (scan.l, quotecontinue). */
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
