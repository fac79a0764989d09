// What the server said about a script, with the place in the file.
import type { DatabaseError } from 'pg'
import { environmentFault } from '../core/environment.js'
import type { Direction, Message, Script } from '../core/migration.js'
import { placeOf } from '../core/position.js'
import type { ScriptFailure } from '../core/report.js'

/**
 * `message` is the one that failed, `position` counts characters in it from 1; both undefined when the server gave no
 * position (then a message that is alone in failing still tells its first line).
 */
export function scriptFailure(options: {
  readonly error: DatabaseError
  readonly script: Script
  readonly direction: Direction
  readonly message: Message | undefined
  readonly position: number | undefined
  readonly major: number
}): ScriptFailure {
  const { error, script, message } = options
  const at = message === undefined ? undefined : placeOf(message, options.position ?? firstCharacter(message))
  const text = message?.text ?? script.messages.map((m) => m.text).join('\n')
  const sqlstate = error.code ?? 'XX000'
  return {
    direction: options.direction,
    sqlstate,
    message: error.message,
    detail: error.detail,
    hint: error.hint,
    place: at === undefined ? undefined : { file: script.file, ...at },
    line: at === undefined || message === undefined ? undefined : lineOf(message, at.line),
    environment: environmentFault({ sqlstate, message: error.message, statement: text, major: options.major }),
  }
}

const firstCharacter = (message: Message): number => message.text.length - message.text.trimStart().length + 1

const lineOf = (message: Message, line: number): string | undefined =>
  message.text.split('\n')[message.lines.indexOf(line)]
