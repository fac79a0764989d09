// sql-migrate's file grammar: ParseMigration of sql-migrate v1.8.0 (sqlparse), plus a word about what it loses.
import type { Direction, Message } from '../core/migration.js'
import { endsWithSemicolon, scanLines, tooLong, trimSpace, wordsOf, type Line } from './lines.js'
import type { Trouble } from './parsed.js'
import { messageOf } from './script.js'

/** `statements` of a direction is undefined when the file has no such section. `errors` stop the file from being used. */
export type SqlMigrateParse = {
  readonly up: readonly Message[] | undefined
  readonly down: readonly Message[] | undefined
  /** Directions that opt out of the transaction. */
  readonly notransaction: readonly Direction[]
  readonly errors: readonly Trouble[]
}

const COMMAND = '-- +migrate '
const LINE_LIMIT = 1024 * 1024
const REFUSES = 'sql-migrate refuses the file, and every command stops here.'
const SILENT = 'sql-migrate says nothing: it leaves that part out and still records the migration as applied.'
const PASSED_OVER =
  'sql-migrate says nothing: it passes over the line, so that what follows runs with the part before it, or not at all.'

/** Sections may come in any order and more than once; statements of a direction stay in the order of the file. */
export function parseSqlMigrate(text: string): SqlMigrateParse {
  const found: Record<Direction, Message[] | undefined> = { up: undefined, down: undefined }
  const notransaction: Direction[] = []
  const errors: Trouble[] = []
  let direction: Direction | undefined
  let block: Line | undefined
  let buffer: Line[] = []

  const lines = scanLines(text)
  const long = tooLong(lines, LINE_LIMIT)
  const unfinished = (): boolean => {
    const first = buffer.find((line) => trimSpace(line.text) !== '')
    if (first === undefined) return false
    errors.push({
      line: first.number,
      message: 'an unfinished statement: no semicolon at the end of a line',
      why: REFUSES,
      fix: 'End the statement with a semicolon as the last thing in its line, or put it between "-- +migrate StatementBegin" and "-- +migrate StatementEnd". A trailing comment must start with "-- ".',
    })
    return true
  }
  const result = (): SqlMigrateParse => ({ ...found, notransaction, errors })

  if (text.startsWith('\uFEFF')) {
    errors.push({
      line: 1,
      message: 'a byte order mark in front of the first marker, which sql-migrate then does not see',
      why: SILENT,
      fix: 'Save the file as UTF-8 without a byte order mark.',
    })
  }

  for (const line of lines) {
    if (line === long) {
      errors.push({
        line: line.number,
        message: 'a line of 1 MiB or more: sql-migrate reports "token too long"',
        why: REFUSES,
        fix: 'Break the line.',
      })
      return result()
    }
    if (!line.text.startsWith(COMMAND) && /^\s*--\s*\+\s*migrate\b/i.test(line.text)) {
      errors.push(unknownCommand(line, PASSED_OVER))
    }
    if (line.text.startsWith('-- ') && !line.text.startsWith('-- +')) continue

    let ended = false
    if (line.text.startsWith(COMMAND)) {
      const [command, ...words] = wordsOf(line.text.slice(COMMAND.length))
      if (command === 'Up' || command === 'Down') {
        if (unfinished()) return result()
        direction = command === 'Up' ? 'up' : 'down'
        found[direction] ??= []
        if (words.includes('notransaction')) notransaction.push(direction)
      } else if (command === 'StatementBegin') {
        if (direction !== undefined) block = line
      } else if (command === 'StatementEnd') {
        ended = direction !== undefined && block !== undefined
        block = undefined
      } else errors.push(unknownCommand(line, command === undefined ? REFUSES : PASSED_OVER))
    }

    if (direction === undefined) continue
    if (!line.text.startsWith('-- +')) buffer.push(line)
    if (ended || (block === undefined && endsWithSemicolon(line.text))) {
      found[direction]?.push(statement(buffer, line.number))
      buffer = []
    }
  }

  if (block !== undefined) {
    errors.push({
      line: block.number,
      message: '"-- +migrate StatementBegin" without StatementEnd',
      why: REFUSES,
      fix: 'Put "-- +migrate StatementEnd" after the statement.',
    })
  } else if (direction === undefined && errors.length === 0) {
    errors.push({
      line: 1,
      message: 'neither "-- +migrate Up" nor "-- +migrate Down"',
      why: REFUSES,
      fix: 'Put "-- +migrate Up" on the first line.',
    })
  } else unfinished()
  return result()
}

/** The text as sql-migrate sends it: less one line end, then one space, then one semicolon. */
function statement(buffer: readonly Line[], line: number): Message {
  const text = buffer.map((part) => `${part.text}\n`).join('')
  const sent = text.replace(/\n$/, '').replace(/ $/, '').replace(/;$/, '')
  const lines = buffer.length === 0 ? [line] : buffer.map((part) => part.number)
  return messageOf({ text, lines, start: 0, end: sent.length })
}

const unknownCommand = (line: Line, why: string): Trouble => ({
  line: line.number,
  message: `"${trimSpace(line.text)}" is no command of sql-migrate`,
  why,
  fix: 'Write exactly one of "-- +migrate Up", "-- +migrate Down", "-- +migrate StatementBegin", "-- +migrate StatementEnd": one space each, at the start of the line, in this case.',
})
