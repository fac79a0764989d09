// Waits, until a time or a signal ends it.

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
