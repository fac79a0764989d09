// An attempt: scripts run one after another in one transaction, which can be rolled back without a copy.
import type { DatabaseError } from 'pg'
import type { AttemptResult, AttemptOutcome } from '../../../ports/scratch.js'
import type { SendPlan } from './send-plan.js'
import { isDatabaseError, type Session } from '../session.js'

/** Ends the attempt. `failed` would also fail without an attempt, `unfit` perhaps not. */
export class AttemptEnded extends Error {
  override readonly name = 'AttemptEnded'
  readonly why: 'failed' | 'unfit'

  constructor(word: 'failed' | 'unfit') {
    super(word)
    this.why = word
  }
}

/** Runs the body in its own transaction, after `head`. Commits if the body asks for it. */
export async function attempt<T>(
  session: Session,
  head: string,
  body: () => Promise<AttemptOutcome<T>>,
): Promise<AttemptResult<T>> {
  let kept = false
  await session.send(`${head}BEGIN`)
  try {
    const tried = await body()
    if (tried.keep) await session.send('COMMIT')
    kept = tried.keep
    return tried
  } catch (error) {
    if (error instanceof AttemptEnded) return error.why
    if (isDatabaseError(error)) return 'failed'
    throw error
  } finally {
    if (!kept) await session.send('ROLLBACK')
  }
}

/**
 * Whether a rollback undoes all of it. It does not undo numbers of sequences, locks of the session, temporary tables or
 * replication slots.
 */
export const fitsAttempt = (plan: SendPlan): boolean =>
  plan.mode === 'in one transaction' && !plan.drawsNumbers && !plan.temporary && !plan.locksAdvisory && !plan.holdsSlot

/**
 * SQLSTATEs that occur only because earlier scripts are not committed yet (PostgreSQL, "Error Codes"). A statement
 * refuses a transaction, a value of an enum is new, or a table has pending trigger events or is in use.
 */
const TOGETHER_ONLY = new Set(['25001', '55P04', '55006'])

export const attemptEnded = ({ code }: DatabaseError): AttemptEnded =>
  new AttemptEnded(TOGETHER_ONLY.has(code ?? '') ? 'unfit' : 'failed')
