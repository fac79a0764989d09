// An attempt: scripts run one after another in one transaction, which can be rolled back without a copy.
import type { DatabaseError } from 'pg'
import type { AttemptResult, AttemptOutcome } from '../../../ports/scratch.js'
import type { SendPlan } from './send-plan.js'
import { isDatabaseError, type Session } from '../session.js'

/** Ends the attempt: what happens in it may not happen without one. */
export class AttemptEnded extends Error {
  override readonly name = 'AttemptEnded'
}

/**
 * `draws`: the numbers of sequences are set back afterwards. `altered`: a script ran in another form than its tool sends.
 * `checked`: a script has ended, so that deferred constraints are checked at once from there on.
 */
export type OpenAttempt = { readonly draws: boolean; altered: boolean; checked: boolean }

/** The savepoint before a script of an attempt. */
export const STEP = 'migration_gate'

/** Runs the body in its own transaction, between `head` and `tail`. Commits if the body asks for it and `mayKeep` allows it. */
export async function attempt<T>(
  session: Session,
  { head, tail, mayKeep }: { readonly head: string; readonly tail: string; readonly mayKeep: () => boolean },
  body: () => Promise<AttemptOutcome<T>>,
): Promise<AttemptResult<T>> {
  let kept = false
  await session.send(`${head}BEGIN`)
  try {
    const tried = await body()
    if (tried.keep && !mayKeep()) return 'unfit'
    if (tried.keep) await session.send('COMMIT')
    kept = tried.keep
    return tried
  } catch (error) {
    if (error instanceof AttemptEnded || isDatabaseError(error)) return 'unfit'
    throw error
  } finally {
    if (!kept) await session.send(`ROLLBACK;${tail}`)
  }
}

/**
 * Whether a rollback undoes all of it, apart from numbers of sequences. It does not undo locks of the session, temporary
 * tables or replication slots.
 */
export const fitsAttempt = (plan: SendPlan): boolean =>
  plan.mode === 'in one transaction' && !plan.temporary && !plan.locksAdvisory && !plan.holdsSlot

/**
 * Classes of SQLSTATE (PostgreSQL, "Error Codes") that follow from the schema, the rows and the text of a script alone, and
 * so do not depend on whether the scripts before it are committed: unsupported features, data, constraints, dependents,
 * schemas, names and types, and errors that a function raises.
 */
const OF_THE_SCRIPT = new Set(['0A', '22', '23', '2B', '3F', '42', 'P0'])

/**
 * Errors of constraints that can be deferred (foreign keys, unique, exclusion), and of functions that may have caught one:
 * SET CONSTRAINTS holds to the end of the transaction.
 */
const OF_DEFERRABLE = /^(?:23503|23505|23P01|P0...)$/

export const failsAlone = ({ code = '' }: DatabaseError, { checked }: OpenAttempt): boolean =>
  OF_THE_SCRIPT.has(code.slice(0, 2)) && !(checked && OF_DEFERRABLE.test(code))
