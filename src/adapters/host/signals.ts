// Ctrl-C and its relatives -> an AbortSignal, and time to clean up.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Exit code of a run that was cancelled, whatever the signal. */
export const CANCELLED = 130

/** A terminal and npm both pass Ctrl-C on, so the same press may arrive twice. */
const SAME_PRESS_MS = 1000

/**
 * The first signal aborts; whoever works ends that and cleans up, and `words` say so. Another one later, or `gracePeriodMs`
 * after the first (undefined: never), ends the process, which runs its exit handlers: the last resort, without waiting
 * for anything. `stop` puts the usual behaviour back.
 */
export function watchSignals(options: {
  gracePeriodMs: number | undefined
  words: string
  told: (text: string) => void
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
    options.told(`${name}: ${options.words}`)
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
