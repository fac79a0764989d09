// One transaction for a body that runs statements one by one.
import { Refused } from '../core/refused.js'
import { transactionControl } from '../core/sql-kind.js'
import { splitStatements } from '../core/sql.js'
import type { Query, Transacted } from '../ports.js'
import { isDatabaseError, type Session } from './session.js'

/** As the port Transact says, without the time it took. The session must be outside of a transaction, and is so again afterwards. */
export async function transact(
  session: Session,
  body: (query: Query) => Promise<'commit' | 'rollback'>,
): Promise<Omit<Transacted, 'milliseconds'>> {
  let first: Refused | undefined
  const query: Query = async (text, values = []) => {
    const own = splitStatements(text).find((statement) => transactionControl(statement) !== undefined)
    if (own !== undefined) throw new Refused({ sqlstate: '', message: `${own.words[0] ?? ''}: ${IN_TRANSACTION}` })
    try {
      return await session.query(text, values)
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      const refused = new Refused({ sqlstate: error.code ?? 'XX000', message: error.message })
      first ??= refused
      throw refused
    }
  }
  await session.send('BEGIN')
  let end: 'commit' | 'rollback'
  try {
    end = await body(query)
  } catch (error) {
    await session.send('ROLLBACK').catch(() => undefined)
    throw error
  }
  if (end === 'rollback') {
    await session.send('ROLLBACK')
    return { committed: false, refused: undefined }
  }
  try {
    // After a refusal that the body passed over, the server answers ROLLBACK here, without an error.
    const [answer] = await session.send('COMMIT')
    if (answer?.command === 'COMMIT') return { committed: true, refused: undefined }
    return { committed: false, refused: new Refused({ sqlstate: first?.sqlstate ?? '', message: PASSED_OVER }) }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return { committed: false, refused: new Refused({ sqlstate: error.code ?? 'XX000', message: error.message }) }
  }
}

const PASSED_OVER = 'a statement was refused, it went on all the same, and so nothing could be committed'
const IN_TRANSACTION = 'all statements run in one transaction, which is opened and ended for you'
