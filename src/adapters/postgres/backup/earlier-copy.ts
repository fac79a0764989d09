// A copy that an earlier start of a restore left: its mark, and whether it is still what was restored.
import { createHash } from 'node:crypto'
import { quoted, identifier } from '../../../sql/quote.js'
import { connect, type Address } from '../live/connect.js'
import { lastRows, type Link } from '../live/connection.js'
import type { DatabaseContent } from './changes-since.js'
import { namesBeside } from './names.js'

/**
 * The comment of a finished copy. `archive` is the SHA-256 of the file, `rows` a hash of the numbers of rows. `written`
 * counts the rows that were written to the copy so far, by the statistics of the server.
 */
type Mark = { readonly archive: string; readonly rows: string; readonly written: number }

const PREFIX = 'pg-migration-gate: restored '

export type MarkedCopy = { readonly database: string; readonly mark: Mark }

/** Finished copies with the owner of the live database, the newest first. */
export async function markedCopies(maintenance: Link, live: string): Promise<readonly MarkedCopy[]> {
  const rows = lastRows(
    await maintenance.send(
      `SELECT datname, pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database
        WHERE datname LIKE ${quoted(namesBeside(live, 'restore'))} AND datallowconn
        AND datdba = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = ${quoted(live)})
        ORDER BY right(datname, 17) DESC`,
    ),
  )
  return rows.flatMap(([database, comment]) => {
    const mark = markIn(comment ?? '')
    return mark === undefined ? [] : [{ database: database ?? '', mark }]
  })
}

function markIn(comment: string): Mark | undefined {
  const [, archive, rows, written] = /^([0-9a-f]{64}) ([0-9a-f]{64}) (\d+)$/.exec(comment.replace(PREFIX, '')) ?? []
  return archive === undefined || rows === undefined ? undefined : { archive, rows, written: Number(written) }
}

export async function markCopy(
  maintenance: Link,
  copy: {
    readonly database: string
    readonly archive: string
    readonly content: DatabaseContent
    readonly written: number
  },
): Promise<void> {
  const { database, archive, content, written } = copy
  const text = `${PREFIX}${archive} ${hashOf(content)} ${written}`
  await maintenance.send(`COMMENT ON DATABASE ${identifier(database)} IS ${quoted(text)}`)
}

/** Whether nothing was written to the copy since its mark. */
export const isUnchanged = (mark: Mark, { content, written }: { content: DatabaseContent; written: number }): boolean =>
  mark.rows === hashOf(content) && mark.written === written

const hashOf = ({ rows }: DatabaseContent): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')

/** Rows that were inserted, changed or deleted in a database, as far as the statistics of the server go back. */
export async function rowsWritten(address: Address, signal: AbortSignal): Promise<number> {
  const link = await connect({ address, waitMs: 0, signal })
  try {
    const [row] = lastRows(
      await link.send('SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_catalog.pg_stat_user_tables'),
    )
    return Number(row?.[0] ?? 0)
  } finally {
    await link.close()
  }
}
