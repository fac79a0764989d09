// Runs a step whose statements come one by one, from a seed that is a module: in one transaction with its rows.
import { UserError } from '../../../model/errors.js'
import { Refused, type Transacted } from '../../../state/transaction-result.js'
import type { Query } from '../../../ports/modules.js'
import type { TargetStep } from '../../../ports/target.js'
import { isDatabaseError } from '../session.js'
import { transact } from '../scratch/transact.js'
import { limits, type StepContext } from './context.js'
import { insertEntries } from './journal.js'
import { lastRows, LostConnection } from './connection.js'
import { guard, markOf, MOVED } from './history-rows.js'
import { settle, XID } from './lost-commit.js'
import { entryOf, unknownCommit } from './step-in-transaction.js'

/**
 * Writes the rows last, so that an error of the body is reported as the body's own. Rejects with LostConnection before
 * COMMIT.
 */
export async function runBody(
  context: StepContext,
  step: Pick<TargetStep, 'direction' | 'migration' | 'history' | 'journal'>,
  body: (query: Query) => Promise<'commit' | 'rollback'>,
): Promise<Transacted> {
  const started = performance.now()
  const link = context.link()
  const { table, record } = step.history
  const mark = context.mark()
  const before = [
    'BEGIN',
    ...limits(context, 'SET LOCAL'),
    `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    ...(mark === undefined ? [] : [guard(table, mark)]),
  ]
  let row: readonly (string | null)[] | undefined
  const beforeCommit = async (): Promise<void> => {
    // Resets rights and settings of the body. Checks its deferred constraints while their error still has a cause to
    // name.
    const mine = 'SET CONSTRAINTS ALL IMMEDIATE;RESET SESSION AUTHORIZATION;RESET ROLE'
    const text = `${mine};${record};${insertEntries(entryOf(step))}SELECT ${XID}, ${markOf(table)}`
    row = lastRows(await link.send(text))[0]
  }
  const ended = (came: Pick<Transacted, 'committed' | 'refused' | 'unknown'>): Transacted => {
    if (came.committed) context.setMark(row?.[1] ?? undefined)
    return { ...came, milliseconds: performance.now() - started }
  }
  try {
    return ended(await transact(link, body, { begin: before.join(';'), beforeCommit }))
  } catch (error) {
    if (isDatabaseError(error)) throw begun(error.code ?? 'XX000', error.message)
    const xid = row?.[0]
    if (!(error instanceof LostConnection) || xid === undefined || xid === null) throw error
    const truth = await settle(context, xid)
    if (truth === 'committed') return ended({ committed: true, refused: undefined })
    const lost = new Refused({ sqlstate: error.said?.sqlstate ?? '08006', message: error.message })
    if (truth === 'aborted') return ended({ committed: false, refused: lost })
    const { what } = unknownCommit(xid) as { readonly what: string }
    return ended({ committed: false, refused: undefined, unknown: what })
  }
}

/** A refusal before the body starts. */
const begun = (sqlstate: string, message: string): UserError =>
  sqlstate === MOVED
    ? new UserError({
        kind: 'environment',
        what: 'another session changes the history of the seeds at the same time',
        fix: 'See what else runs seeds here, and run again when it has ended.',
      })
    : new UserError({
        kind: 'environment',
        what: `the history of the seeds cannot be locked: ${message} (SQLSTATE ${sqlstate})`,
        fix: 'See what else runs seeds here, and run again when it has ended.',
      })
