// Turns Ctrl-C and other signals into an AbortSignal, and leaves time to clean up.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Exit code of a cancelled run, for every signal. */
export const CANCELLED = 130

/** In milliseconds. A terminal and npm both forward Ctrl-C, so one press may arrive twice. */
const SAME_PRESS_MS = 1000

/**
 * The first signal aborts the run, which then cleans up; `words` is the message about it. A later signal ends the process at
 * once, with its exit handlers. So does the end of `gracePeriodMs` after the first signal (undefined: never). `stop` restores
 * the default handling of signals.
 */
export function watchSignals(options: {
  gracePeriodMs: number | undefined
  words: string
  log: (text: string) => void
}): {
  readonly signal: AbortSignal
  readonly stop: () => void
} {
  const controller = new AbortController()
  const leave = (): never => process.exit(CANCELLED)
  let timer: NodeJS.Timeout | undefined
  let first = 0
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > SAME_PRESS_MS) leave()
      return
    }
    first = performance.now()
    if (options.gracePeriodMs !== undefined) timer = setTimeout(leave, options.gracePeriodMs).unref()
    controller.abort()
    options.log(`${name}: ${options.words}`)
  }
  for (const name of SIGNALS) process.on(name, handle)
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer)
      for (const name of SIGNALS) process.off(name, handle)
    },
  }
}
