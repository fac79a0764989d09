// goose's `ENVSUB ON`: shell-like variables in a line. Grammar of github.com/mfridman/interpolate v0.0.2, which goose pins.

export type Environment = Readonly<Record<string, string | undefined>>

/** The line with its variables put in, or the error of the tool. */
export type Substituted = { readonly text: string } | { readonly error: string }

const IDENTIFIER = /\p{L}[\p{L}\p{N}_]*/uy

class Refused extends Error {}

/**
 * `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME-word}`, `${NAME?word}`, `${NAME:offset}`, `${NAME:offset:length}`; words
 * nest; `$$` and `\$` are a `$`, `\\` stays, `$(` passes, and so does a `$` at the end of the line.
 */
export function substitute(line: string, environment: Environment): Substituted {
  try {
    const { value } = readWords({ line, at: 0, until: undefined, environment })
    return { text: value() }
  } catch (error) {
    if (error instanceof Refused) return { error: error.message }
    throw error
  }
}

type Cursor = {
  readonly line: string
  readonly at: number
  readonly until: '}' | undefined
  readonly environment: Environment
}

/** What was read, as a value to compute only when it is needed, and where the reading continues. */
type Read = { readonly value: () => string; readonly at: number }

function readWords(cursor: Cursor): Read {
  const { line, until } = cursor
  const pieces: (() => string)[] = []
  let at = cursor.at
  while (at < line.length && line[at] !== until) {
    const two = line.slice(at, at + 2)
    const fixed = two === '\\\\' || two === '$(' ? two : two === '\\$' || two === '$$' ? '$' : undefined
    if (fixed !== undefined) {
      pieces.push(() => fixed)
      at += 2
    } else if (line[at] === '$' && at < line.length - 1) {
      const expansion = readExpansion({ ...cursor, at: at + 1 })
      pieces.push(expansion.value)
      at = expansion.at
    } else {
      const start = at
      at += characterAt(line, at).length
      while (at < line.length && line[at] !== '$' && line[at] !== '\\' && line[at] !== until) at++
      const text = line.slice(start, at)
      pieces.push(() => text)
    }
  }
  return { value: () => pieces.map((piece) => piece()).join(''), at }
}

function readExpansion(cursor: Cursor): Read {
  const { line, environment } = cursor
  const braced = line[cursor.at] === '{'
  const name = readName(line, cursor.at + (braced ? 1 : 0))
  const set = Object.hasOwn(environment, name.text) ? environment[name.text] : undefined
  if (!braced) return { value: () => set ?? '', at: name.at }
  if (line[name.at] === '}') return { value: () => set ?? '', at: name.at + 1 }

  const operator = /(?::-|:|-|\?)/uy
  operator.lastIndex = name.at
  const sign = operator.exec(line)?.[0]
  if (sign === undefined)
    throw new Refused(`Expected an operator, got ${characterAt(line, name.at) || 'the end of the line'}`)
  const at = name.at + sign.length
  if (sign === ':') return readSubstring({ ...cursor, at, value: set ?? '' })

  const word = readWords({ ...cursor, at, until: '}' })
  return closed(line, {
    at: word.at,
    value: () => {
      if (sign === ':-') return set === undefined || set === '' ? word.value() : set
      if (set !== undefined) return set
      if (sign === '-') return word.value()
      throw new Refused(`$${name.text}: ${word.value() || 'not set'}`)
    },
  })
}

function readSubstring(cursor: Cursor & { readonly value: string }): Read {
  const numbers = /([^:}]*)(?::([^}]*))?/y
  numbers.lastIndex = cursor.at
  const found = numbers.exec(cursor.line)
  const offset = integer(found?.[1] ?? '', 'offset')
  const length = found?.[2] === undefined ? undefined : integer(found[2], 'length')
  const bytes = Buffer.from(cursor.value, 'utf8')
  const from = Math.min(Math.max(offset < 0 ? offset + bytes.length : offset, 0), bytes.length)
  const end = length === undefined ? bytes.length : length < 0 ? Math.max(length + bytes.length, from) : from + length
  return closed(cursor.line, {
    at: cursor.at + (found?.[0].length ?? 0),
    value: () => bytes.subarray(from, end).toString('utf8'),
  })
}

function closed(line: string, read: Read): Read {
  if (line[read.at] === '}') return { value: read.value, at: read.at + 1 }
  throw new Refused('Expected brace expansion to end with }')
}

function readName(line: string, at: number): { readonly text: string; readonly at: number } {
  IDENTIFIER.lastIndex = at
  const text = IDENTIFIER.exec(line)?.[0]
  if (text !== undefined) return { text, at: at + text.length }
  throw new Refused(`Expected identifier to start with a letter, got ${characterAt(line, at) || 'the end of the line'}`)
}

function integer(text: string, what: string): number {
  const digits = text.trim()
  if (/^[+-]?\d{1,15}$/.test(digits)) return Number(digits)
  throw new Refused(`Unable to parse ${what}: "${digits}"`)
}

const characterAt = (line: string, at: number): string => {
  const point = line.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}
