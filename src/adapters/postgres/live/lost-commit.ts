// Finds out the outcome of a transaction whose COMMIT got no answer.
import { pause } from '../../../model/pause.js'
import { isDatabaseError } from '../session.js'
import { ATTEMPTS, type StepContext } from './context.js'
import { lastRows, LostConnection } from './connection.js'

/** A row that names the transaction, to query before COMMIT (PostgreSQL, "Transaction ID and Snapshot Information"). */
export const XID = 'pg_current_xact_id()::text'

/**
 * Reconnects and asks, also while the server still executes the COMMIT. `unknown` when no connection opens in time, or
 * the server no longer knows. The server continues a COMMIT after its client is gone, so the outcome is never a guess.
 */
export async function settle(context: StepContext, xid: string): Promise<'committed' | 'aborted' | 'unknown'> {
  const { lockMs, signal } = context.options
  const start = performance.now()
  for (let attempt = 0; ; attempt++) {
    try {
      if (context.link().isLost()) await context.reopen()
      const [row] = lastRows(await context.link().send(`SELECT pg_xact_status('${xid}')`))
      const status = row?.[0]
      if (status === 'committed' || status === 'aborted') return status
      if (status !== 'in progress') return 'unknown'
    } catch (error) {
      if (isDatabaseError(error)) return 'unknown'
      if (!(error instanceof LostConnection)) return 'unknown'
    }
    if (performance.now() - start > Math.max(ATTEMPTS * lockMs, 5_000)) return 'unknown'
    await pause(50 * 2 ** Math.min(attempt, 4), signal)
    if (signal.aborted && attempt > 20) return 'unknown'
  }
}
