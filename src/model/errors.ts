// The failures that are not a verdict. Any other thrown error is a bug of this program and keeps its stack.

/**
 * `use`: wrong arguments, config or folder (exit code 2); `environment`: the machine, the server or a permission
 * (exit code 3); `cancelled`: a signal (exit code 130).
 */
export type ErrorKind = 'use' | 'environment' | 'cancelled'

/** Printed without a stack: what happened, and what to do next. Never holds a DSN, a password or the values of a row. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly kind: ErrorKind
  readonly fix: string

  constructor(options: { kind: ErrorKind; what: string; fix: string; cause?: unknown }) {
    super(options.what, { cause: options.cause })
    this.kind = options.kind
    this.fix = options.fix
  }
}

/**
 * The error that ends a cancelled run. `fix` replaces the default advice, for example with what stays after the
 * cancellation.
 */
export const cancelled = (more: { fix?: string; cause?: unknown } = {}): UserError =>
  new UserError({ kind: 'cancelled', what: 'The run was cancelled.', fix: 'Run it again when you are ready.', ...more })

/** Throws a UserError of kind `cancelled` once the signal is aborted. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled()
}
