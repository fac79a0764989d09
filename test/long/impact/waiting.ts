// Statements that take no transaction, such as CREATE INDEX CONCURRENTLY: their locks are seen while they wait for another session.
import type { LockMode } from '../../../src/impact/lock-modes.js'
import type { LiveServer } from '../../support/live.js'
import { sqlstateOf } from './old-tables.js'
import { locksOf, merge, openStage, waitingClients, type Seen, type Stage } from './stage.js'

/**
 * What the other session does to all tables. One that has read them, and keeps its snapshot: statements that wait for old
 * transactions wait for it, and those that exclude readers of a table or of an index. One that maintains them: VACUUM waits.
 * One that lets no one write: what writes rows waits. Only the first two take nothing that clients wait for.
 */
const OBSTACLES = [
  { lock: undefined, clientsPass: true },
  { lock: 'SHARE UPDATE EXCLUSIVE', clientsPass: true },
  { lock: 'SHARE', clientsPass: false },
] as const

type Watched = { readonly base: readonly string[]; readonly earlier: readonly string[]; readonly sql: string }

/** The strongest modes that the statement has or asks for while it waits, and the clients that wait with it. */
export async function watchWaiting(watched: Watched, server: LiveServer): Promise<Seen> {
  const holds = new Map<string, LockMode>()
  const refused = new Set<string>()
  let isJudged = false
  for (const { lock, clientsPass } of OBSTACLES) {
    const stage = await openStage(watched.base, server)
    const obstacle = await stage.session()
    try {
      for (const sql of watched.earlier) await stage.script.query(sql)
      await obstacle.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      for (const { name } of stage.tables.values())
        await obstacle.query(lock === undefined ? `SELECT FROM ${name} LIMIT 1` : `LOCK TABLE ${name} IN ${lock} MODE`)
      const end = ended(stage.script.query(watched.sql))
      if (await waits(stage, end)) {
        merge(holds, await locksOf(stage))
        if (clientsPass) {
          isJudged = true
          for (const says of await waitingClients(stage)) refused.add(says)
        }
      }
      await obstacle.query('ROLLBACK')
      await end.promise
    } finally {
      await obstacle.end()
      await stage.close()
    }
  }
  return { holds, refused: isJudged ? [...refused].sort() : undefined }
}

/** Never rejects: whether the statement fails is for the run that counts. */
function ended(running: Promise<unknown>): { readonly promise: Promise<void>; readonly isOver: () => boolean } {
  let isOver = false
  const promise = running
    .then(
      () => undefined,
      (error: unknown) => {
        sqlstateOf(error)
      },
    )
    .finally(() => {
      isOver = true
    })
  return { promise, isOver: () => isOver }
}

/** Asks the server until the script's session waits for a lock, or its statement is over. */
async function waits({ observer, pid }: Stage, { isOver }: { readonly isOver: () => boolean }): Promise<boolean> {
  for (;;) {
    const { rows } = await observer.query<{ type: string | null }>(
      'SELECT wait_event_type AS type FROM pg_stat_activity WHERE pid = $1',
      [pid],
    )
    if (rows[0]?.type === 'Lock') return true
    if (isOver()) return false
  }
}
