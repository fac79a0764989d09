// Finds where in its file a script failed, when the server gives no position.
import type { DatabaseError } from 'pg'
import type { UserError } from '../../../model/errors.js'
import type { Direction, Script } from '../../../model/migration.js'
import { characters } from '../../../model/source.js'
import type { ScriptFailure } from '../../../report/check-report.js'
import { splitStatements } from '../../../sql/statements.js'
import { CHECK_CONSTRAINTS, messageAt, type SendPlan } from './send-plan.js'
import { isUnfinished, scriptFailure, unfinished, lackingRight } from '../failure.js'
import { isDatabaseError } from '../session.js'
import type { Answers } from '../simple-query.js'

/** `index` is the message, `position` counts characters in it. Both are undefined when the server gives none. */
export type SendFailure = {
  readonly error: DatabaseError
  readonly index: number | undefined
  readonly position: number | undefined
  /**
   * Set when the connection ended during the script. It is the error to end with, unless the script ends the next
   * connection too.
   */
  readonly lost?: UserError
}

/** `role` is the one that we connect as, if it is no superuser. */
export type ServerFacts = { readonly major: number; readonly role: string | undefined }

/** `begin` is sent before the statements, `end` after them: it undoes them. `endedBy` turns an ended connection into a failure. */
export type Asking = {
  readonly server: ServerFacts
  readonly begin: string
  readonly end: string
  readonly send: (text: string) => Promise<Answers>
  readonly endedBy: (lost: unknown) => Promise<SendFailure>
}

/**
 * The place of an error in a script that was sent in one message behind `head`. Our own text follows the script. An open
 * quote ends there, or is reported with it.
 */
export function placeIn(
  error: DatabaseError,
  head: string,
  { script, plan }: { readonly script: Script; readonly plan: SendPlan },
): SendFailure {
  const position = Number(error.position) - head.length
  const ofScript = !error.message.includes(CHECK_CONSTRAINTS) || error.message.startsWith('unterminated')
  const inScript = position > 0 && position <= characters(plan.texts[0] ?? '') && ofScript
  return inScript ? { error, ...messageAt(script, position) } : { error, index: undefined, position: undefined }
}

/** Finds a failure without a position by running the statements one by one, up to the one that fails again. */
export async function locateFailure(
  failed: SendFailure & { readonly script: Script; readonly direction: Direction; readonly plan: SendPlan },
  asking: Asking,
): Promise<ScriptFailure> {
  const { script, direction, plan } = failed
  let { error, index, position } = failed
  if (index === undefined && plan.mode === 'in one transaction') {
    const text = plan.texts[0] ?? ''
    await asking.send(asking.begin)
    for (const statement of splitStatements(text)) {
      const again = await refused(text.slice(statement.start, statement.end), asking)
      if (again === undefined) continue
      const start = characters(text.slice(0, statement.start))
      ;({ index, position } = messageAt(script, start + (again.position === undefined ? 1 : Number(again.position))))
      error = again
      break
    }
    await asking.send(asking.end)
  }
  // The connection ended once and not again, so the cause is outside of the script.
  if (failed.lost !== undefined && index === undefined) throw failed.lost
  if (isUnfinished(error, index === undefined)) error = unfinished()
  const message = script.messages[index ?? 0]
  const { major, role } = asking.server
  const failure = scriptFailure({ error, script, direction, message, position, major })
  return role === undefined ? failure : lackingRight(role, script, failure)
}

async function refused(text: string, { send, endedBy }: Asking): Promise<DatabaseError | undefined> {
  try {
    await send(text)
    return undefined
  } catch (error) {
    return isDatabaseError(error) ? error : (await endedBy(error)).error
  }
}
