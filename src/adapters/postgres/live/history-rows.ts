// The rows of a history and their mark, read at one moment.
import { UserError } from '../../../model/errors.js'
import type { Rows } from '../../../state/history.js'
import { isDatabaseError } from '../session.js'
import type { Watcher } from './blockers.js'
import type { Link } from './connection.js'
import { markOf } from './history-guard.js'

/**
 * `read` is a SELECT on `table`. Whoever has locked the table against readers is waited for `patienceMs`, then rejects
 * with a UserError that names them; rejects otherwise as the link does.
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
  // A policy that hides rows would make applied versions pending: the server is to say no instead.
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
  const who = by.length === 0 ? 'somebody who could not be named' : by.join('; ')
  return new UserError({
    kind: 'environment',
    what: `${place}: the history ${table} stayed locked for ${Math.round(patienceMs / 1000)} s, by ${who}`,
    fix: 'Wait until that session ends, or end it, then run again.',
    cause,
  })
}
