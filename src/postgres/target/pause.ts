// Waiting between two attempts, ended at once by a signal.

/** Resolves after `milliseconds`, or as soon as the signal is aborted; never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, signal.aborted ? 0 : Math.max(0, milliseconds))
    signal.addEventListener('abort', end)
  })
}

/** Half to the whole of `milliseconds`, so that two who were refused together do not come back together. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2)

/** Milliseconds before the next attempt at a lock: longer each time, at most a second, and not longer than one attempt. */
export const retryAfter = (attempt: number, lockMs: number): number =>
  jittered(Math.min(1000, Math.max(50, lockMs), 50 * 2 ** Math.min(attempt, 5)))
