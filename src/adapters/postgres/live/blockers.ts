// Finds out who blocks a statement. It asks over a second connection during the wait, because no trace remains
// afterwards.
import { lastRows, type Link } from './connection.js'
import { PERSON } from './locks.js'

/** `during` runs the body. If that takes longer than `afterMs`, it remembers who blocks it. */
export type Watcher = {
  readonly during: <T>(body: () => Promise<T>) => Promise<T>
  /** The sessions that last blocked the last body. */
  readonly seen: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Watching never fails a step: if the second connection is refused, no session is named. */
export function createWatcher(options: {
  readonly pid: () => number
  readonly afterMs: number
  readonly another: () => Promise<Link>
}): Watcher {
  const { pid, afterMs, another } = options
  let link: Promise<Link | undefined> | undefined
  let seen: readonly string[] = []
  const look = async (): Promise<void> => {
    link ??= another().catch(() => undefined)
    const open = await link
    const question = `SELECT ${PERSON} FROM pg_stat_activity a WHERE a.pid = ANY(pg_blocking_pids(${pid()}))`
    const rows = await open?.send(question).then(lastRows, () => undefined)
    if (rows !== undefined && rows.length > 0) seen = rows.map(([person]) => person ?? '')
  }
  return {
    during: async (body) => {
      seen = []
      let looking: Promise<void> = Promise.resolve()
      const timer = setInterval(() => {
        looking = looking.then(look)
      }, afterMs)
      try {
        return await body()
      } finally {
        clearInterval(timer)
        await looking
      }
    },
    seen: () => seen,
    close: async () => {
      await (await link)?.close()
    },
  }
}
