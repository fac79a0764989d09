// Checks that migrations may run in a session: the server itself, a primary, of a supported version.
import { UserError } from '../../../model/errors.js'
import { OLDEST_MAJOR } from '../server/build.js'
import { lastRows, type Link } from './connection.js'

export type Facts = {
  readonly version: string
  readonly major: number
  readonly database: string
  readonly schema: string | undefined
  /** Equal for two sessions exactly when they are on the same database of the same running server. */
  readonly identity: string
}

const QUESTION = `SELECT current_setting('server_version_num'), current_setting('server_version'), pg_backend_pid(),
  pg_is_in_recovery(), current_database(), current_schema(), current_setting('transaction_read_only'),
  (SELECT oid FROM pg_database WHERE datname = current_database()) || ' ' || extract(epoch FROM pg_postmaster_start_time())`

/**
 * Rejects with a UserError for an unsuitable server. `another` opens one more session, to find out whether a pooler
 * keeps a session on one connection. A standby is refused for reading too, because it may be behind.
 */
export async function readFacts(options: {
  readonly link: Link
  readonly place: string
  readonly another: () => Promise<Link>
}): Promise<Facts> {
  const { link, place } = options
  const [row = []] = lastRows(await link.send(QUESTION))
  const [number = '0', version = '', pid = '', standby, database = '', schema, readOnly, identity] = row
  const major = Math.floor(Number(number) / 10_000)
  if (major < OLDEST_MAJOR) {
    const what = `The server at ${place} is PostgreSQL ${version ?? ''}, older than ${OLDEST_MAJOR}.`
    throw refused(what, `Use PostgreSQL ${OLDEST_MAJOR} or newer.`)
  }
  if (standby === 't')
    throw refused(`The server at ${place} is a standby and takes no writes.`, 'Name the primary server.')
  if (readOnly === 'on') {
    const fix = 'Name the primary, or turn default_transaction_read_only off for this role.'
    throw refused(`Sessions at ${place} are read-only (transaction_read_only is on).`, fix)
  }
  if (Number(pid) !== link.pid && !(await keepsSessions(link, options.another))) {
    throw refused(
      `At ${place} there is a connection pooler in transaction mode: settings and locks of a session get lost there.`,
      'Name the address of the server behind it, or of a pooler in session mode.',
    )
  }
  return {
    version: (version ?? '').split(' ')[0] ?? '',
    major,
    database: database ?? '',
    schema: schema ?? undefined,
    identity: identity ?? '',
  }
}

const refused = (what: string, fix: string): UserError => new UserError({ kind: 'environment', what, fix })

/**
 * A setting made in one session must remain after another session has begun a transaction (spec of PgBouncer's modes).
 */
async function keepsSessions(link: Link, another: () => Promise<Link>): Promise<boolean> {
  const mark = `p${Math.random().toString(36).slice(2)}`
  await link.send(`SET migration_gate.probe = '${mark}'`)
  const other = await another()
  try {
    await other.send('BEGIN')
    const [row] = lastRows(await link.send(`SELECT current_setting('migration_gate.probe', true)`))
    return row?.[0] === mark
  } finally {
    await other.close()
  }
}
