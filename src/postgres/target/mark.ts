// Whether the history is still what a decision was made on: a small digest of its rows, compared by the server itself.

/**
 * An expression that gives the digest of a table: whatever is written into it gets the number of its transaction
 * (PostgreSQL, "System Columns"), so that no row has to be looked into.
 */
export const markOf = (table: string): string =>
  `(SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM ${table})`

/** SQLSTATE of what `guard` does when the rows are others: a division by zero, which no script of ours stands before. */
export const MOVED = '22012'

/** A statement that fails with MOVED when the history moved since `mark` was taken. */
export const guard = (table: string, mark: string): string =>
  `SELECT 1 / (CASE WHEN ${markOf(table)} = '${mark}' THEN 1 ELSE 0 END)`
