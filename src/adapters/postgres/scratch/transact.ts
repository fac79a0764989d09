// One transaction for a body that runs its statements one by one.
import { Refused } from '../../../state/transaction-result.js'
import { transactionControl } from '../../../sql/transactions.js'
import { splitStatements } from '../../../sql/statements.js'
import type { Query, Row } from '../../../ports/modules.js'
import type { Transacted } from '../../../state/transaction-result.js'
import { isDatabaseError } from '../session.js'
import type { Answers } from '../simple-query.js'

/** A connection outside of a transaction. Both functions reject with pg's DatabaseError for a refusal of the server. */
export type TransactSession = {
  readonly send: (text: string) => Promise<Answers>
  readonly query: (text: string, values: readonly unknown[]) => Promise<readonly Row[]>
}

/**
 * As the port Transact, without the time. `begin` opens the transaction. `beforeCommit` runs last in it. Afterwards the
 * connection is outside of a transaction again, unless it is lost.
 */
export async function transact(
  speaker: TransactSession,
  body: (query: Query) => Promise<'commit' | 'rollback'>,
  { begin = 'BEGIN', beforeCommit }: { begin?: string; beforeCommit?: () => Promise<unknown> } = {},
): Promise<Pick<Transacted, 'committed' | 'refused'>> {
  let first: Refused | undefined
  const query: Query = async (text, values = []) => {
    const own = splitStatements(text).find((statement) => transactionControl(statement) !== undefined)
    if (own !== undefined) throw new Refused({ sqlstate: '', message: `${own.words[0] ?? ''}: ${IN_TRANSACTION}` })
    try {
      return await speaker.query(text, values)
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      const refused = new Refused({ sqlstate: error.code ?? 'XX000', message: error.message })
      first ??= refused
      throw refused
    }
  }
  const rollBack = (): Promise<unknown> => speaker.send('ROLLBACK').catch(() => undefined)
  try {
    await speaker.send(begin)
    if ((await body(query)) === 'rollback') {
      await rollBack()
      return { committed: false, refused: undefined }
    }
  } catch (error) {
    await rollBack()
    throw error
  }
  try {
    await beforeCommit?.()
    // If the body ignored a refusal, the server answers ROLLBACK here, without an error.
    const [answer] = await speaker.send('COMMIT')
    if (answer?.command === 'COMMIT') return { committed: true, refused: undefined }
    return { committed: false, refused: passedOver(first) }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await rollBack()
    const aborted = error.code === '25P02'
    const refused = new Refused({ sqlstate: error.code ?? 'XX000', message: error.message })
    return { committed: false, refused: aborted ? passedOver(first) : refused }
  }
}

const passedOver = (first: Refused | undefined): Refused =>
  new Refused({
    sqlstate: first?.sqlstate ?? '25P02',
    message: 'a statement was refused and the code continued, so nothing could be committed',
  })

const IN_TRANSACTION = 'all statements run in one transaction, which is opened and ended for you'
