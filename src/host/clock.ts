// The Clock port of this machine.
import type { Clock } from '../ports/host.js'

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now(), pause }

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
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
