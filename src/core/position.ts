// From a position in what was sent to the server to the line and column of the file that a person can open.
import type { Message } from './migration.js'

/**
 * `position` counts characters (code points) from 1, as PostgreSQL's error field `P` does. One past the end ("syntax
 * error at end of input") is told as the place just after the last thing that is written.
 */
export function placeOf(message: Message, position: number): { readonly line: number; readonly column: number } {
  let offset = 0
  for (let left = position - 1; left > 0 && offset < message.text.length; left--) {
    offset += (message.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return placeAt(message, offset >= message.text.length ? message.text.trimEnd().length : offset)
}

/** The same for an offset in UTF-16 units from 0, as JavaScript strings and `Statement` count. */
export function placeAt(message: Message, offset: number): { readonly line: number; readonly column: number } {
  const before = message.text.slice(0, Math.max(0, offset))
  const start = before.lastIndexOf('\n') + 1
  const index = start === 0 ? 0 : before.split('\n').length - 1
  const line = message.lines[index] ?? message.lines.at(-1) ?? 1
  return { line, column: characters(before.slice(start)) + (index === 0 ? message.column : 1) }
}

/** Characters (code points) of a text. */
export const characters = (text: string): number => Array.from(text).length
