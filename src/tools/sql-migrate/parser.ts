// sql-migrate's file grammar: ParseMigration of sql-migrate v1.8.1 (sqlparse), plus the lines that it skips.
import type { Direction, Message } from '../../model/migration.js'
import { endsWithSemicolon, scanLines, tooLong, trimSpace, wordsOf, type Line } from '../go-text.js'
import type { Trouble } from '../script.js'
import { messageOf } from '../script.js'

/**
 * The statements of a direction are undefined when the file has no such section. `errors` are why sql-migrate refuses the
 * file. `passedOver` are lines that look like commands, but that sql-migrate does not read as commands.
 */
export type SqlMigrateParse = {
  readonly up: readonly Message[] | undefined
  readonly down: readonly Message[] | undefined
  /** Directions that opt out of the transaction. */
  readonly notransaction: readonly Direction[]
  readonly errors: readonly Trouble[]
  readonly passedOver: readonly Trouble[]
}

const COMMAND = '-- +migrate '
const LINE_LIMIT = 1024 * 1024
/** What people take for a command; a byte order mark counts as white space here. */
const LIKE_COMMAND = /^\s*--\s*\+\s*migrate\b/i
const REFUSES = 'sql-migrate refuses the file, and every command stops here.'

/** Sections may come in any order and more than once; statements of a direction stay in the order of the file. */
export function parseSqlMigrate(text: string): SqlMigrateParse {
  const found: Record<Direction, Message[] | undefined> = { up: undefined, down: undefined }
  const notransaction: Direction[] = []
  const errors: Trouble[] = []
  const passedOver: Trouble[] = []
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
  const result = (): SqlMigrateParse => ({ ...found, notransaction, errors, passedOver })

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
    if (LIKE_COMMAND.test(line.text) && !line.text.startsWith(COMMAND)) passedOver.push(noCommand(line, direction))
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
      } else if (command === undefined) {
        errors.push({ ...noCommand(line, direction), why: REFUSES })
        return result()
      } else passedOver.push(noCommand(line, direction))
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
  } else if (direction === undefined) {
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

const COMMANDS = ['Up', 'Down', 'StatementBegin', 'StatementEnd']
const quoted = (command: string): string => `"${COMMAND}${command}"`

/** `direction` is the section of the line. */
function noCommand({ text, number }: Line, direction: Direction | undefined): Trouble {
  const hidden = text.startsWith('\uFEFF')
  const plain = trimSpace(hidden ? text.slice(1) : text)
  const [, word = ''] = /migrate\s*(\w+)/i.exec(plain) ?? []
  const meant = COMMANDS.find((command) => command.toLowerCase() === word.toLowerCase())
  const written = meant === undefined ? `one of ${COMMANDS.map(quoted).join(', ')}` : quoted(meant)
  const follows =
    direction === undefined
      ? 'never runs, and the migration still counts as applied.'
      : `runs as part of the ${direction}.`
  return {
    line: number,
    message: hidden
      ? `a byte order mark in front of "${plain}", which sql-migrate then does not see`
      : `"${plain}" is not a command of sql-migrate`,
    why: `sql-migrate skips the line silently: what follows, up to the next command, ${follows}`,
    fix: hidden
      ? 'Save the file as UTF-8 without a byte order mark.'
      : `Write exactly ${written}: one space each, at the start of the line, in this case. A comment that is not a command must not start with "+migrate".`,
  }
}
