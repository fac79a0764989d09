// Whether the history is still what a decision was made on: a small digest of its rows, compared by the server itself.

/** Whatever is written gets the number of its transaction (PostgreSQL, "System Columns"): no row has to be looked into. */
const ROWS = 'count(*)'
const WRITERS = 'coalesce(sum(xmin::text::bigint), 0)'

/** An expression that gives the digest of a table as text. */
export const markOf = (table: string): string => `(SELECT ${ROWS} || ':' || ${WRITERS} FROM ${table})`

/** SQLSTATE of what `guard` does when the rows are others: a division by zero, which no script of ours stands before. */
export const MOVED = '22012'

const guarding = (table: string, rows: string, writers: string): string =>
  `SELECT 1 / (CASE WHEN ${ROWS} = ${rows} AND ${WRITERS} = ${writers} THEN 1 ELSE 0 END) FROM ${table}`

/** A statement that fails with MOVED when the history moved since `mark` was taken. */
export function guard(table: string, mark: string): string {
  const [rows = '', writers = ''] = mark.split(':')
  return guarding(table, rows, writers)
}

/** The same for many steps of a session, planned once under a name. */
export const prepareGuard = (name: string, table: string): string =>
  `PREPARE ${name}(bigint, numeric) AS ${guarding(table, '$1', '$2')}`
export const preparedGuard = (name: string, mark: string): string => `EXECUTE ${name}(${mark.replace(':', ', ')})`

/** Such a record has an effect on the digest that needs no reading: a row with the number of its transaction. */
export const insertsOneRow = (record: string): boolean => /^INSERT INTO [^;]* VALUES \([^;]*\)$/i.test(record)

/** The digest after transaction `xid` (as pg_current_xact_id() gives it) has inserted a row; xmin holds its lower 32 bits. */
export function grown(mark: string, xid: string): string {
  const [rows = '', writers = ''] = mark.split(':')
  return `${BigInt(rows) + 1n}:${BigInt(writers) + BigInt.asUintN(32, BigInt(xid))}`
}
