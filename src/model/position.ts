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

/** The text of the statement at a position, counted as in `placeOf`. */
export function statementAt(message: Message, position: number): string {
  const offset = offsetOf(message.text, position)
  return statementsIn(message).findLast(({ start }) => start <= offset)?.text ?? message.text
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
