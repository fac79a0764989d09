// Time, and who waits for us.

/** Milliseconds since 1970, and a steady counter for durations. `pause` ends early with the signal, and never rejects. */
export interface Clock {
  readonly now: () => number
  readonly elapsed: () => number
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Told while a run goes on, for whoever waits; nothing of it is part of the result. `total` counts migrations. */
export interface Progress {
  readonly move: (database: string, done: number, total: number) => void
}

// Commands of the user, run by sh.

/** `code` is undefined when the command could not be run or was ended by a signal. `args` are `$1`, `$2` ... */
export type Shell = (asked: {
  readonly command: string
  readonly args?: readonly string[]
  readonly signal: AbortSignal
}) => Promise<{ readonly code: number | undefined }>
