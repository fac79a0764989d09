// A session that reads the catalogue as pg_restore meets it: with an empty search_path, and without a change.
import type { Link } from '../live/connection.js'

/** The longest time for one question to the catalogue. */
const LONGEST_MS = 30_000
/** A table that is locked for longer counts as one that may not be read. */
const LOCK_MS = 1_000

/** Always ends the transaction. Rejects as `send` does. */
export async function inEmptyPath<T>(link: Link, body: () => Promise<T>): Promise<T> {
  // Compiling the large queries would take longer than running them.
  await link.send(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL jit = off;
    SET LOCAL check_function_bodies = on; SET LOCAL row_security = off; SET LOCAL lock_timeout = ${LOCK_MS};
    SET LOCAL statement_timeout = ${LONGEST_MS}`)
  try {
    return await body()
  } finally {
    if (!link.isLost()) await link.send('ROLLBACK')
  }
}
