// Statements that take no transaction, such as CREATE INDEX CONCURRENTLY: their locks are seen while they wait for another session.
import type { LockMode } from '../../../src/impact/lock-modes.js'
import { sqlstateOf, type OldTable } from './old-tables.js'
import { locksOf, merge, openStage, waitingClients, type Seen, type Server, type Stage } from './stage.js'

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

type Watched = {
  readonly base: readonly string[]
  readonly earlier: readonly string[]
  readonly sql: string
  readonly tables: readonly OldTable[]
}

/**
 * The strongest modes that the statement has or asks for while it waits, and the clients that wait with it. The other session
 * is on all tables at once, then on one after the other: so the statement waits at each table that it comes to.
 */
export async function watchWaiting(watched: Watched, server: Server): Promise<Seen> {
  const holds = new Map<string, LockMode>()
  const refused = new Set<string>()
  let isJudged = false
  const { tables } = watched
  const places = tables.length > 1 ? [tables, ...tables.map((table) => [table])] : [tables]
  for (const obstacle of OBSTACLES)
    for (const place of places) {
      const seen = await behind(obstacle, place, watched, server)
      merge(holds, seen.holds)
      if (seen.refused === undefined) continue
      isJudged = true
      for (const says of seen.refused) refused.add(says)
    }
  return { holds, refused: isJudged ? [...refused].sort() : undefined }
}

async function behind(
  { lock, clientsPass }: (typeof OBSTACLES)[number],
  place: readonly OldTable[],
  { base, earlier, sql }: Watched,
  server: Server,
): Promise<Seen> {
  const stage = await openStage(base, server)
  const obstacle = await stage.session()
  try {
    for (const before of earlier) await stage.script.query(before)
    await obstacle.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    for (const { name } of place)
      await obstacle.query(
        lock === undefined ? `SELECT FROM ONLY ${name} LIMIT 1` : `LOCK TABLE ONLY ${name} IN ${lock} MODE`,
      )
    const end = ended(stage.script.query(sql))
    const isWaiting = await waits(stage, end)
    const holds = isWaiting ? await locksOf(stage) : new Map<string, LockMode>()
    const refused = isWaiting && clientsPass ? await waitingClients(stage) : undefined
    await obstacle.query('ROLLBACK')
    await end.promise
    return { holds, refused }
  } finally {
    await obstacle.end()
    await stage.close()
  }
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
