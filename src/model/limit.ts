// Runs a limited number of jobs at a time; the others wait.

/** Returns a function that starts a job as soon as fewer than `most` of them run. */
export function createLimit(most: number): <T>(job: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  const next = (): void => {
    if (running >= most) return
    const start = waiting.shift()
    if (start === undefined) return
    running += 1
    start()
  }
  return async (job) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      next()
    })
    try {
      return await job()
    } finally {
      running -= 1
      next()
    }
  }
}
