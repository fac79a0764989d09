// Text -> Script: messages that know the line in the file of each of their lines. Also what is wrong in such a text.
import { hash } from 'node:crypto'
import type { Message, Script, TransactionMode } from '../model/migration.js'
import { trimSpace } from './go-text.js'
import type { Problem } from '../model/finding.js'

/** `lines[i]` is the file's line of line `i` of `text`; `start` and `end` are offsets in UTF-16 units. */
export type Cut = {
  readonly text: string
  readonly lines: readonly number[]
  readonly start: number
  readonly end: number
}

/** The piece of a text from `start` to `end` as one message. */
export function messageOf({ text, lines, start, end }: Cut): Message {
  const before = text.slice(0, start)
  const first = lineFeeds(before)
  const piece = text.slice(start, end)
  return {
    text: piece,
    lines: lines.slice(first, first + lineFeeds(piece) + 1),
    column: Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1,
  }
}

/** The line numbers of a text that is a whole file. */
export const linesOfFile = (text: string): readonly number[] =>
  Array.from({ length: lineFeeds(text) + 1 }, (_, i) => i + 1)

/** The whole file as one message; a blank file is not sent at all (golang-migrate's rule). */
export const wholeFile = (text: string): readonly Message[] =>
  trimSpace(text) === '' ? [] : [messageOf({ text, lines: linesOfFile(text), start: 0, end: text.length })]

export type ScriptParts = Omit<Script, 'checksum' | 'sha384'>

/** `checksum` is the SHA-256 (hex) of the messages' text, joined with a NUL. */
export const scriptOf = (parts: ScriptParts): Script => ({
  ...parts,
  checksum: hash('sha256', parts.messages.map(({ text }) => text).join('\0')),
})

/** A file that no tool defines (setup, SQL substitute): all of it is one message. */
export const plainScript = (options: {
  readonly file: string
  readonly text: string
  readonly transaction: TransactionMode
}): Script => scriptOf({ file: options.file, transaction: options.transaction, messages: wholeFile(options.text) })

function lineFeeds(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** What a parser reports about a place in a file, and what is wrong there. Lines and columns count from 1. */
export type Trouble = {
  readonly line: number
  readonly column?: number
  readonly message: string
  readonly why: string
  readonly fix: string
}

/** The troubles of a file as problems of the folder: each once, even where two passes over the file meet it. */
export function problemsOf(options: {
  readonly rule: string
  readonly file: string
  readonly migration: string
  readonly troubles: readonly Trouble[]
}): readonly Problem[] {
  const seen = new Set<string>()
  return options.troubles.flatMap(({ line, column = 1, message, why, fix }) => {
    const key = `${String(line)} ${message}`
    if (seen.has(key)) return []
    seen.add(key)
    return [
      {
        rule: options.rule,
        migration: options.migration,
        place: { file: options.file, line, column },
        message,
        why,
        fix,
      },
    ]
  })
}
