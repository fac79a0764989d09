// Finds out who blocks a statement. It asks over a second connection during the wait, because no trace remains
// afterwards.
import { lastRows, type Link } from './connection.js'
import { PERSON } from './locks.js'
import { SOON_MS, type Waits } from './patience.js'

/** How long one look may take. */
const ANSWER_MS = 3_000

/** `during` runs the body. If that takes longer than `afterMs`, it remembers who blocks it. */
export type Watcher = {
  readonly during: <T>(body: () => Promise<T>) => Promise<T>
  /** The sessions that last blocked the last body. */
  readonly seen: () => readonly string[]
  readonly close: () => Promise<void>
}

/**
 * Watching never fails a step: if the second connection is refused or gives no answer, no session is named. After a
 * moment it says what the step `waits` for.
 */
export function createWatcher(options: {
  readonly pid: () => number
  readonly afterMs: number
  readonly another: () => Promise<Link>
  readonly waits: Waits
}): Watcher {
  const { pid, afterMs, another, waits } = options
  let link: Promise<Link | undefined> | undefined
  let seen: readonly string[] = []
  const look = async (since: number): Promise<void> => {
    link ??= another().catch(() => undefined)
    const open = await link
    if (open === undefined || open.isLost()) return
    const question = `SELECT ${PERSON} FROM pg_stat_activity a WHERE a.pid = ANY(pg_blocking_pids(${pid()}))`
    const timer = setTimeout(() => void open.close(), ANSWER_MS)
    const rows = await open.send(question).then(lastRows, () => undefined)
    clearTimeout(timer)
    if (rows === undefined || rows.length === 0) return
    seen = rows.map(([person]) => person ?? '')
    if (performance.now() - since >= SOON_MS) waits(`a lock, which is held by ${seen.join('; ')}`)
  }
  return {
    during: async (body) => {
      seen = []
      const since = performance.now()
      let looking: Promise<void> = Promise.resolve()
      const timer = setInterval(() => {
        looking = looking.then(() => look(since))
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
