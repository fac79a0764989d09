// Time, progress and commands of the user.

/**
 * Milliseconds since 1970, and a monotonic counter for durations. `pause` ends early with the signal, and never
 * rejects.
 */
export interface Clock {
  readonly now: () => number
  readonly elapsed: () => number
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Reports progress to people who wait. No part of it is in the result. `total` counts migrations. */
export interface Progress {
  readonly move: (database: string, done: number, total: number) => void
}

/**
 * Runs a command of the user by sh. `code` is undefined when the command could not run or a signal ended it. `args` are
 * `$1`, `$2` ...
 */
export type Shell = (asked: {
  readonly command: string
  readonly args?: readonly string[]
  readonly signal: AbortSignal
}) => Promise<{ readonly code: number | undefined }>
