// Converts a position in a sent text to the line and column of its file.
import type { Message } from './migration.js'
import { statementsIn } from '../sql/statements.js'

/**
 * `position` counts characters (code points) from 1, as PostgreSQL's error field `P` does. One past the end ("syntax
 * error at end of input") becomes the place after the last visible character.
 */
export function placeOf(message: Message, position: number): { readonly line: number; readonly column: number } {
  const offset = offsetOf(message.text, position)
  return placeAt(message, offset >= message.text.length ? message.text.trimEnd().length : offset)
}

/**
 * The text of the statement at such a position, and the position in it as an offset in UTF-16 units from 0. Behind the
 * last statement, or in front of the first one (a psql command), it is the whole message.
 */
export function statementAt(message: Message, position: number): { readonly text: string; readonly at: number } {
  const offset = offsetOf(message.text, position)
  const own = statementsIn(message).findLast(({ start, end }) => start <= offset && offset <= end)
  return own === undefined ? { text: message.text, at: offset } : { text: own.text, at: offset - own.start }
}

/** A position as an offset in UTF-16 units from 0. */
function offsetOf(text: string, position: number): number {
  let offset = 0
  for (let left = position - 1; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return offset
}

/** As `placeOf`, for an offset in UTF-16 units from 0, as JavaScript strings and `Statement` count. */
export function placeAt(message: Message, offset: number): { readonly line: number; readonly column: number } {
  const starts = lineStarts(message)
  let index = 0
  for (let end = starts.length; end - index > 1;) {
    const middle = (index + end) >> 1
    if ((starts[middle] ?? 0) <= offset) index = middle
    else end = middle
  }
  const before = Array.from(message.text.slice(starts[index], Math.max(0, offset))).length
  return {
    line: message.lines[index] ?? message.lines.at(-1) ?? 1,
    column: before + (index === 0 ? message.column : 1),
  }
}

/** The message that holds a place of its file, and the offset in it, in UTF-16 units from 0; undefined where none does. */
export function offsetOfPlace(
  messages: readonly Message[],
  { line, column }: { readonly line: number; readonly column: number },
): { readonly message: Message; readonly offset: number } | undefined {
  for (const message of messages) {
    const index = message.lines.indexOf(line)
    if (index === -1) continue
    const start = lineStarts(message)[index] ?? 0
    const before = Array.from(message.text.slice(start)).slice(0, column - (index === 0 ? message.column : 1))
    if (column >= (index === 0 ? message.column : 1)) return { message, offset: start + before.join('').length }
  }
  return undefined
}

/** Cached: many places are looked up in the same message, and a message never changes. */
const known = new WeakMap<Message, readonly number[]>()

/** Offsets at which the lines of a message start. */
function lineStarts(message: Message): readonly number[] {
  const cached = known.get(message)
  if (cached !== undefined) return cached
  const starts = [0]
  for (let at = message.text.indexOf('\n'); at !== -1; at = message.text.indexOf('\n', at + 1)) starts.push(at + 1)
  known.set(message, starts)
  return starts
}
