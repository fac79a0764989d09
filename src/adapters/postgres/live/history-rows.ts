// Reads the rows of a history and their digest in one snapshot.
import { UserError } from '../../../model/errors.js'
import type { Rows } from '../../../state/history.js'
import { isDatabaseError } from '../session.js'
import type { Watcher } from './blockers.js'
import type { Link } from './connection.js'
import { markOf } from './history-guard.js'

/**
 * `read` is a SELECT on `table`. If a session locks the table against readers, waits `patienceMs`, then rejects with a
 * UserError that names the session. Otherwise rejects as the link does.
 */
export async function readHistory(options: {
  readonly link: Link
  readonly watcher: Watcher
  readonly place: string
  readonly table: string
  readonly read: string
  readonly patienceMs: number
}): Promise<{ readonly mark: string; readonly rows: Rows }> {
  const { link, watcher, place, table, read, patienceMs } = options
  // A policy that hides rows would make applied versions look pending. With this setting the server refuses instead.
  const limit = `SET LOCAL lock_timeout = ${Math.round(patienceMs)};SET LOCAL row_security = off`
  const text = `BEGIN ISOLATION LEVEL REPEATABLE READ;${limit};SELECT ${markOf(table)};${read};COMMIT`
  try {
    const answers = await watcher.during(() => link.send(text))
    return { mark: answers[3]?.rows[0]?.[0] ?? '', rows: answers[4]?.rows ?? [] }
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '55P03') throw error
    await link.send('ROLLBACK')
    throw locked({ place, table, by: watcher.seen(), patienceMs, cause: error })
  }
}

function locked(options: {
  readonly place: string
  readonly table: string
  readonly by: readonly string[]
  readonly patienceMs: number
  readonly cause: unknown
}): UserError {
  const { place, table, by, patienceMs, cause } = options
  const who = by.length === 0 ? 'a session that could not be identified' : by.join('; ')
  return new UserError({
    kind: 'environment',
    what: `${place}: the history ${table} stayed locked for ${Math.round(patienceMs / 1000)} s, by ${who}`,
    fix: 'Wait until that session ends, or end it, then run again.',
    cause,
  })
}
