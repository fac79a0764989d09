// Waits for an answer with a limit, hears a signal meanwhile, and says once what it waits for.
import { cancelled } from '../../../model/errors.js'

/** Where to say what a run waits for. */
export type Waits = (what: string) => void

/** After this time, people want to know what a run waits for. */
export const SOON_MS = 2_000

/**
 * The answer. Rejects with a UserError when the signal is aborted, and with what `late` makes after `limitMs`. The caller
 * then ends the connection, because its answer may still come.
 */
export async function answerWithin<T>(
  asked: Promise<T>,
  about: {
    readonly limitMs: number
    readonly signal: AbortSignal
    readonly late: () => Error
    readonly waits: Waits
    readonly what: string
  },
): Promise<T> {
  const { limitMs, signal, late, waits, what } = about
  if (signal.aborted) throw cancelled()
  asked.catch(() => undefined)
  const timers: NodeJS.Timeout[] = []
  let heard: (() => void) | undefined
  try {
    return await Promise.race([
      asked,
      new Promise<never>((_, reject) => {
        timers.push(setTimeout(() => waits(what), Math.min(SOON_MS, limitMs / 2)))
        timers.push(setTimeout(() => reject(late()), limitMs))
        heard = () => reject(cancelled())
        signal.addEventListener('abort', heard)
      }),
    ])
  } finally {
    for (const timer of timers) clearTimeout(timer)
    if (heard !== undefined) signal.removeEventListener('abort', heard)
  }
}

/** Says each text once. */
export function once(waits: Waits): Waits {
  const said = new Set<string>()
  return (what) => {
    if (said.has(what)) return
    said.add(what)
    waits(what)
  }
}
