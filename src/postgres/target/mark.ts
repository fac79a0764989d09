// Whether the history is still what a decision was made on: a small digest of its rows, compared by the server itself.

/** An expression that gives the digest of what a query answers. */
export const markOf = (query: string): string =>
  `(SELECT count(*) || ':' || coalesce(sum(hashtext(q::text)::bigint), 0) FROM (${query}) q)`

/** SQLSTATE of what `guard` does when the rows are others: a division by zero, which no script of ours stands before. */
export const MOVED = '22012'

/** A statement that fails with MOVED when the history moved since `mark` was taken. */
export const guard = (query: string, mark: string): string =>
  `SELECT 1 / (CASE WHEN ${markOf(query)} = '${mark}' THEN 1 ELSE 0 END)`
