// Checks that the history has not changed since a decision: the server itself compares a small digest of its rows.

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

/** The same for many steps of a session, planned once under a name. */
export const prepareGuard = (name: string, table: string): string =>
  `PREPARE ${name}(bigint, numeric) AS ${guarding(table, '$1', '$2')}`
export const preparedGuard = (name: string, mark: string): string => `EXECUTE ${name}(${mark.replace(':', ', ')})`

/** The effect of such a record on the digest is known without reading: one row with the number of its transaction. */
export const insertsOneRow = (record: string): boolean => /^INSERT INTO [^;]* VALUES \([^;]*\)$/i.test(record)

/**
 * The digest after transaction `xid` (as pg_current_xact_id() gives it) inserted a row. xmin holds its lower 32 bits.
 */
export function grown(mark: string, xid: string): string {
  const [rows = '', writers = ''] = mark.split(':')
  return `${BigInt(rows) + 1n}:${BigInt(writers) + BigInt.asUintN(32, BigInt(xid))}`
}
