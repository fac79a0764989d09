// Statements that may be refused: each in a subtransaction, so that the transaction goes on.
import type { DatabaseError } from 'pg'
import type { Answer } from '../simple-query.js'
import { isDatabaseError, type Session } from '../session.js'

export type Asking = Pick<Session, 'send'>

/** `rows`: of the last statement. */
export type Attempt = { readonly rows: Answer['rows']; readonly refusal?: DatabaseError }

/** Inside of a transaction. Rejects only where the connection is lost. */
export async function attempt({ send }: Asking, text: string): Promise<Attempt> {
  try {
    const answers = await send(`SAVEPOINT fill_attempt; ${text}; RELEASE SAVEPOINT fill_attempt`)
    return { rows: answers.at(-2)?.rows ?? [] }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await send('ROLLBACK TO SAVEPOINT fill_attempt; RELEASE SAVEPOINT fill_attempt')
    return { rows: [], refusal: error }
  }
}

/** The last answer, of statements that are never refused. */
export const read = async ({ send }: Asking, text: string): Promise<Answer['rows']> => (await send(text)).at(-1)?.rows ?? []
