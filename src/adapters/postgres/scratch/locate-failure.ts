// Where in its file a script failed, when the server did not say.
import type { DatabaseError } from 'pg'
import type { Direction, Script } from '../../../model/migration.js'
import { characters } from '../../../model/place.js'
import type { ScriptFailure } from '../../../report/check-report.js'
import { splitStatements } from '../../../sql/statements.js'
import { messageAt, type Dispatch } from './send-plan.js'
import { isUnfinished, scriptFailure, unfinished } from '../failure.js'
import { lackingRight } from '../failure.js'
import type { Failed } from './send-result.js'
import { isDatabaseError } from '../session.js'
import type { Answers } from '../simple-query.js'

/** Of the server: `role` is the one that we are there, where it may not do everything. */
export type ServerSeen = { readonly major: number; readonly role: string | undefined }

/** `begin` is sent before the statements, `endedBy` makes a failure of a connection that ended. */
type Asking = {
  readonly server: ServerSeen
  readonly begin: string
  readonly send: (text: string) => Promise<Answers>
  readonly endedBy: (lost: unknown) => Promise<Failed>
}

/** A failure without a position is found by running the statements one by one, up to the one that fails again. */
export async function explain(
  failed: Failed & { readonly script: Script; readonly direction: Direction; readonly way: Dispatch },
  asking: Asking,
): Promise<ScriptFailure> {
  const { script, direction, way } = failed
  let { error, index, position } = failed
  if (index === undefined && way.way === 'together') {
    const text = way.texts[0] ?? ''
    await asking.send(asking.begin)
    for (const statement of splitStatements(text)) {
      const again = await refused(text.slice(statement.start, statement.end), asking)
      if (again === undefined) continue
      const start = characters(text.slice(0, statement.start))
      ;({ index, position } = messageAt(script, start + (again.position === undefined ? 1 : Number(again.position))))
      error = again
      break
    }
    await asking.send('ROLLBACK')
  }
  // Ended once and not again: not the script did that, but somebody who has a hand on the server.
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
