// Commands of the user, run by sh.

/** `code` is undefined when the command could not be run or was ended by a signal. `args` are `$1`, `$2` ... */
export type Shell = (asked: {
  readonly command: string
  readonly args?: readonly string[]
  readonly signal: AbortSignal
}) => Promise<{ readonly code: number | undefined }>
