// Turns a refusal of the server, or a lost connection, into the failure of one step.
import type { DatabaseError } from 'pg'
import pg from 'pg'
import type { Direction, Script } from '../../../model/migration.js'
import { characters } from '../../../model/source.js'
import type { ScriptFailure } from '../../../report/check-report.js'
import { splitStatements } from '../../../sql/statements.js'
import { messageAt } from '../scratch/send-plan.js'
import { isUnfinished, scriptFailure, unfinished, lackingRight } from '../failure.js'
import type { StepContext } from './context.js'
import type { LostConnection } from './connection.js'

type About = { readonly script: Script; readonly direction: Direction }

/**
 * For a script in one message after our own head. `done` counts the completed statements, including those of the head
 * (`headCount`). So the failed statement is known even without a position from the server. A failure before or after
 * the script is not the fault of its file.
 */
export function failedTogether(
  context: StepContext,
  options: About & {
    readonly error: DatabaseError
    /** The script as it was sent, after `head`. */
    readonly text: string
    readonly head: string
    readonly headCount: number
    readonly done: number
  },
): ScriptFailure {
  const { text, head, headCount, done, script, direction } = options
  const position = Number(options.error.position ?? 0) - characters(head)
  const open = isUnfinished(options.error, position > characters(text))
  if (open) {
    const last = startOf(text, splitStatements(text).length - 1)
    const at = last === undefined ? undefined : messageAt(script, last)
    const message = at === undefined ? undefined : script.messages[at.index]
    return scriptFailure({
      error: unfinished(),
      script,
      direction,
      message,
      position: at?.position,
      major: context.major,
    })
  }
  const { error } = options
  const at = position > 0 && position <= characters(text) ? position : startOf(text, done - headCount)
  const place = at === undefined ? undefined : messageAt(script, at)
  const failure = scriptFailure({
    error,
    script,
    direction,
    message: place === undefined ? undefined : script.messages[place.index],
    position: place?.position,
    major: context.major,
  })
  const ours = place === undefined ? ourOwn(done - headCount, splitStatements(text).length) : undefined
  const lacking = lackingRight(context.role, script, failure)
  return withBlockers(context, { ...lacking, environment: lacking.environment ?? ours })
}

/** The check of deferred constraints comes first after the script, and is about the script. */
function ourOwn(index: number, statements: number): string | undefined {
  if (index < 0) return 'the history could not be locked and read'
  return index > statements ? 'the row in the history or the journal could not be written' : undefined
}

/**
 * The character (from 1) at which statement `index` of a text starts; undefined for a statement outside of the script.
 */
function startOf(text: string, index: number): number | undefined {
  const statement = index < 0 ? undefined : splitStatements(text)[index]
  return statement === undefined ? undefined : characters(text.slice(0, statement.start)) + 1
}

/** For message `index` of a script that was sent message by message. `done` counts its completed statements. */
export function failedApart(
  context: StepContext,
  options: About & { readonly error: DatabaseError; readonly index: number; readonly done: number },
): ScriptFailure {
  const { error, index, done, script, direction } = options
  const message = script.messages[Math.min(index, script.messages.length - 1)]
  const position = error.position === undefined ? startOf(message?.text ?? '', done) : Number(error.position)
  const failure = scriptFailure({ error, script, direction, message, position, major: context.major })
  return withBlockers(context, lackingRight(context.role, script, failure))
}

/** The server's last message, or a text for a missing one. */
export function failedLost(lost: LostConnection, { script, direction }: About): ScriptFailure {
  return {
    direction,
    sqlstate: lost.said?.sqlstate ?? '08006',
    message: lost.said?.message ?? 'the connection to the server broke',
    detail: undefined,
    hint: undefined,
    place: script.messages.length === 0 ? undefined : { file: script.file, line: 1, column: 1 },
    line: undefined,
    environment: 'the connection to the server broke',
  }
}

/** A failure without a server's answer, in PostgreSQL's own terms. */
export function failureOf(sqlstate: string, message: string): DatabaseError {
  const error = new pg.DatabaseError(message, 0, 'error')
  error.code = sqlstate
  return error
}

function withBlockers(context: StepContext, failure: ScriptFailure): ScriptFailure {
  const seen = failure.sqlstate === '55P03' ? context.watcher.seen() : []
  if (seen.length === 0) return failure
  return { ...failure, hint: `It is held by ${seen.join('; ')}.` }
}
