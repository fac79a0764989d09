// Reads the rows of a history with their digest, and guards them: the server itself checks that the digest is still the same.
import { UserError } from '../../../model/errors.js'
import type { Rows } from '../../../state/history.js'
import { isDatabaseError } from '../session.js'
import type { Watcher } from './blockers.js'
import type { Link } from './connection.js'

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

/** Every written row has the number of its transaction (PostgreSQL, "System Columns"), so no other column is needed. */
const ROWS = 'count(*)'
const WRITERS = 'coalesce(sum(xmin::text::bigint), 0)'

/** An expression that gives the digest of a table as text. */
export const markOf = (table: string): string => `(SELECT ${ROWS} || ':' || ${WRITERS} FROM ${table})`

/** SQLSTATE of `guard` when the rows differ: a division by zero. No script runs before it in its message. */
export const MOVED = '22012'

const guarding = (table: string, rows: string, writers: string): string =>
  `SELECT 1 / (CASE WHEN ${ROWS} = ${rows} AND ${WRITERS} = ${writers} THEN 1 ELSE 0 END) FROM ${table}`

/** A statement that fails with MOVED when the history changed after `mark` was read. */
export function guard(table: string, mark: string): string {
  const [rows = '', writers = ''] = mark.split(':')
  return guarding(table, rows, writers)
}

/** As `guard`, for many steps of a session: prepares the statement once under a name. */
export const prepareGuard = (name: string, table: string): string =>
  `PREPARE ${name}(bigint, numeric) AS ${guarding(table, '$1', '$2')}`
/** Runs the prepared guard. */
export const preparedGuard = (name: string, mark: string): string => `EXECUTE ${name}(${mark.replace(':', ', ')})`

/** Whether a record inserts exactly one row. Its effect on the digest is then known without reading (see `grown`). */
export const insertsOneRow = (record: string): boolean => /^INSERT INTO [^;]* VALUES \([^;]*\)$/i.test(record)

/**
 * The digest after transaction `xid` (as pg_current_xact_id() gives it) inserted a row. xmin holds its lower 32 bits.
 */
export function grown(mark: string, xid: string): string {
  const [rows = '', writers = ''] = mark.split(':')
  return `${BigInt(rows) + 1n}:${BigInt(writers) + BigInt.asUintN(32, BigInt(xid))}`
}
