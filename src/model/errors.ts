// The two kinds of failure that are not a verdict. Anything else that is thrown is our own bug and keeps its stack.

/**
 * `use`: wrong arguments, config or folder (exit code 2); `environment`: the machine, the server or a permission
 * (exit code 3); `cancelled`: a signal (exit code 130).
 */
export type ErrorKind = 'use' | 'environment' | 'cancelled'

/** Printed without a stack: what happened, and what to do next. Never holds a DSN, a password or a row's values. */
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

// A run that was given up: the error that ends it, and the places at which it ends.
/** `fix` says what stayed and what to do, where there is more to say than to run it again. */
export const cancelled = (more: { fix?: string; cause?: unknown } = {}): UserError =>
  new UserError({ kind: 'cancelled', what: 'The run was cancelled.', fix: 'Run it again when it suits.', ...more })

/** Throws a UserError of kind `cancelled` once the signal is aborted. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled()
}
