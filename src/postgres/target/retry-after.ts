// How long to wait between two attempts at a lock.

/** Half to the whole of `milliseconds`, so that two who were refused together do not come back together. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2)

/** Milliseconds before the next attempt at a lock: longer each time, at most a second, and not longer than one attempt. */
export const retryAfter = (attempt: number, lockMs: number): number =>
  jittered(Math.min(1000, Math.max(50, lockMs), 50 * 2 ** Math.min(attempt, 5)))
