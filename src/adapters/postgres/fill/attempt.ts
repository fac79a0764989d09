// Statements that may be refused: each in a subtransaction, so that the transaction goes on.
import type { DatabaseError } from 'pg'
import type { Answer } from '../simple-query.js'
import { isDatabaseError, type Session } from '../session.js'

/** `until`: no further attempt begins behind this moment (performance.now). */
export type Asking = Pick<Session, 'send'> & { readonly until?: number }

/** `rows`: of the last statement. */
export type Attempt = { readonly rows: Answer['rows']; readonly refusal?: DatabaseError }

/** The rows of one table, or the values of one type, have had their time. */
class TakesTooLong extends Error {}

/**
 * Inside of a transaction, which goes on as if a refused text had never been sent. Throws TakesTooLong at a timeout of the server, or
 * when the time is over.
 */
export async function attempt({ send, until = Infinity }: Asking, text: string): Promise<Attempt> {
  if (performance.now() > until) throw new TakesTooLong()
  try {
    const answers = await send(`SAVEPOINT fill_attempt; ${text}; RELEASE SAVEPOINT fill_attempt`)
    return { rows: answers.at(-2)?.rows ?? [] }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await send('ROLLBACK TO SAVEPOINT fill_attempt; RELEASE SAVEPOINT fill_attempt')
    if (error.code === '57014') throw new TakesTooLong()
    return { rows: [], refusal: error }
  }
}

/** What `body` gives, or undefined if it takes too long; an attempt that has begun ends with the statement timeout. */
export async function inTime<T>(
  { send }: Asking,
  milliseconds: number,
  body: (session: Asking) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await body({ send, until: performance.now() + milliseconds })
  } catch (error) {
    if (error instanceof TakesTooLong) return undefined
    throw error
  }
}

/** The last answer, of statements that are never refused. */
export const read = async ({ send }: Asking, text: string): Promise<Answer['rows']> =>
  (await send(text)).at(-1)?.rows ?? []
