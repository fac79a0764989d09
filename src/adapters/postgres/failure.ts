// The server's message about a script, with the place in the file.
import pg from 'pg'
import type { DatabaseError } from 'pg'
import { environmentFault } from '../../sql/environment-failure.js'
import { LEFT_OPEN } from '../../sql/transactions.js'
import type { Direction, Message, Script } from '../../model/migration.js'
import { placeOf, statementAt } from '../../model/position.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { missingRight } from '../../sql/missing-privilege.js'

/**
 * `message` is the one that failed. `position` counts characters in it from 1. Both are undefined when the server gives
 * no position. Then a lone message that fails still shows its first line.
 */
export function scriptFailure(options: {
  error: DatabaseError
  script: Script
  direction: Direction
  message: Message | undefined
  position: number | undefined
  major: number
}): ScriptFailure {
  const { error, script, message, position } = options
  const at = message === undefined ? undefined : placeOf(message, position ?? firstCharacter(message))
  const sqlstate = error.code ?? 'XX000'
  return {
    direction: options.direction,
    sqlstate,
    message: error.message.replace(OPEN, '$1'),
    detail: error.detail,
    hint: error.hint,
    place: at === undefined ? undefined : { file: script.file, ...at },
    line: at === undefined || message === undefined ? undefined : lineOf(message, at.line),
    environment: environmentFault({ sqlstate, message: error.message, major: options.major, ...pointedAt(options) }),
    ...(error.table !== undefined && { table: `${error.schema ?? 'public'}.${error.table}` }),
    ...(error.column !== undefined && { column: error.column }),
    ...(error.constraint !== undefined && { constraint: error.constraint }),
  }
}

/** The statement that failed, and where in it the server points: a query that a function runs is a text of its own. */
function pointedAt({ error, script, message, position }: Pointed): { statement: string; at: number | undefined } {
  if (error.internalQuery !== undefined)
    return { statement: error.internalQuery, at: Number(error.internalPosition ?? 1) - 1 }
  if (message === undefined || position === undefined)
    return { statement: message?.text ?? script.messages.map((m) => m.text).join('\n'), at: undefined }
  const { text, at } = statementAt(message, position)
  return { statement: text, at: error.position === undefined ? undefined : at }
}

type Pointed = {
  readonly error: DatabaseError
  readonly script: Script
  readonly message: Message | undefined
  readonly position: number | undefined
}

/** An unfinished quote or statement is quoted to its end, which is our own text. */
const OPEN = /^(unterminated [^"]*?) at or near ".*$/s

/**
 * Whether a script causes a syntax error that the server finds after it. Its last statement, quote or comment continues
 * into our own text, which reports must not show.
 */
export const isUnfinished = (error: DatabaseError, isBehind: boolean): boolean => error.code === '42601' && isBehind

/** The error for a script that begins a transaction and does not end it. */
export function leftOpen(): DatabaseError {
  const error = new pg.DatabaseError(LEFT_OPEN, 0, 'error')
  error.code = '25001'
  return error
}

/** The error for a script that ends too early. It replaces the server's message, which quotes our own text. */
export function unfinished(): DatabaseError {
  const error = new pg.DatabaseError('the script ends in the middle of a statement, a quote or a comment', 0, 'error')
  error.code = '42601'
  return error
}

const firstCharacter = (message: Message): number => message.text.length - message.text.trimStart().length + 1

const lineOf = (message: Message, line: number): string | undefined =>
  message.text.split('\n')[message.lines.indexOf(line)]

/**
 * Marks a refusal for a missing right as a fault of the environment: the file is right, but `role`, which connected,
 * may not do everything. A failure of another sort stays as it is.
 */
export function lackingRight(role: string, script: Script, failure: ScriptFailure): ScriptFailure {
  const takesAnother = script.messages.some(({ text }) => TAKES_ROLE.test(text))
  const right = missingRight({ ...failure, role: takesAnother ? undefined : role })
  return right === undefined ? failure : { ...failure, environment: right }
}

const TAKES_ROLE = /\bSET\s+(?:LOCAL\s+|SESSION\s+)?(?:ROLE|SESSION\s+AUTHORIZATION|AUTHORIZATION)\b/i
