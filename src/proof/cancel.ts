// Where a run may be stopped.
import { UserError } from '../core/errors.js'

/** Between two scripts; what a script has begun it ends. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return
  throw new UserError({ kind: 'cancelled', what: 'The run was cancelled.', fix: 'Run it again.' })
}
