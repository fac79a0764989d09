// Decides whether to repeat a request to GitHub, and how long to wait first.
import type { Clock } from '../../ports/host.js'

/** A failed answer. `status` is 0 without an answer. Header names are in lower case. */
export type Failure = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly message: string
}

const TRIES = 4
/** Longest wait for one request, over all attempts, in milliseconds. */
const PATIENCE_MS = 90_000
/** Wait after a secondary limit if GitHub names no time, in milliseconds (docs: rate limits for the REST API). */
const SECONDARY_MS = 60_000

/**
 * Milliseconds before the next attempt; undefined for no attempt. It respects GitHub's limits: retry-after, then the
 * reset of an exhausted budget, then a minute for a secondary limit. It repeats server errors and lost answers after
 * one, four and nine seconds. That holds only for a `repeatable` request, because the request may have been executed.
 * `now` is in milliseconds since 1970.
 */
export function waitBefore(
  attempt: number,
  { status, headers, message }: Failure,
  { now, repeatable }: { now: number; repeatable: boolean },
): number | undefined {
  if (attempt >= TRIES) return undefined
  if (status === 403 || status === 429) {
    const after = Number(headers['retry-after'])
    if (after > 0) return after * 1000
    if (headers['x-ratelimit-remaining'] === '0') {
      return Math.max(0, Number(headers['x-ratelimit-reset']) * 1000 - now) + 1000
    }
    return status === 429 || /secondary rate|abuse/i.test(message) ? SECONDARY_MS : undefined
  }
  const lost = status === 0 || status >= 500 || status === 408
  return lost && repeatable ? 1000 * attempt ** 2 : undefined
}

/** Runs a request until it succeeds, cannot be repeated, or has waited too long. Rejects as the last attempt did. */
export async function persistently<T>(
  run: () => Promise<T>,
  options: {
    failureOf: (error: unknown) => Failure
    clock: Clock
    signal: AbortSignal
    repeatable: boolean
  },
): Promise<T> {
  const { failureOf, clock, signal, repeatable } = options
  let waited = 0
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const wait = waitBefore(attempt, failureOf(error), { now: clock.now(), repeatable })
      if (wait === undefined || waited + wait > PATIENCE_MS || signal.aborted) throw error
      waited += wait
      await clock.pause(wait, signal)
    }
  }
}
