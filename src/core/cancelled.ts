// A run that was given up: the error that ends it, and the places at which it ends.
import { UserError } from './errors.js'

/** `fix` says what stayed and what to do, where there is more to say than to run it again. */
export const cancelled = (more: { readonly fix?: string; readonly cause?: unknown } = {}): UserError =>
  new UserError({ kind: 'cancelled', what: 'The run was cancelled.', fix: 'Run it again when it suits.', ...more })

/** Throws a UserError of kind `cancelled` once the signal is aborted. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled()
}
