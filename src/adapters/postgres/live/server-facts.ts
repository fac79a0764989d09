// Checks that migrations may run in a session: the server itself, a primary, of a supported version.
import { UserError } from '../../../model/errors.js'
import { OLDEST_MAJOR } from '../server/build.js'
import { isDatabaseError } from '../session.js'
import type { Answers } from '../simple-query.js'
import { lastRows, type Link } from './connection.js'
import { answerWithin, type Waits } from './patience.js'

export type Facts = {
  readonly version: string
  readonly major: number
  readonly database: string
  readonly schema: string | undefined
  /** Equal for two sessions exactly when they are on the same database of the same running server. */
  readonly identity: string
}

/**
 * `another` opens one more session, to find out whether a pooler keeps a session on one connection. No answer may take
 * longer than `limitMs`.
 */
type Asking = {
  readonly link: Link
  readonly place: string
  readonly another: () => Promise<Link>
  readonly limitMs: number
  readonly signal: AbortSignal
  readonly waits: Waits
}

const QUESTION = `SELECT current_setting('server_version_num'), current_setting('server_version'), pg_backend_pid(),
  pg_is_in_recovery(), current_database(), current_schema(), current_setting('transaction_read_only'),
  (SELECT oid FROM pg_database WHERE datname = current_database()) || ' ' || extract(epoch FROM pg_postmaster_start_time())`

/**
 * Rejects with a UserError for an unsuitable server, and when the signal is aborted. A standby is refused for reading too,
 * because it may be behind.
 */
export async function readFacts(options: Asking): Promise<Facts> {
  const { link, place } = options
  const asked = answerWithin(link.send(QUESTION), {
    ...options,
    what: `an answer of ${place}`,
    late: () =>
      refused(
        `The server at ${place} did not answer in ${seconds(options.limitMs)}.`,
        'If there is a connection pooler, all its connections to the server may be in use, or the server behind it is down.',
      ),
  })
  const [row = []] = lastRows(await asked)
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
  const mode = Number(pid) === link.pid ? 'session' : await poolerMode(options)
  if (mode !== 'session') {
    throw refused(
      `At ${place} there is a connection pooler in ${mode} mode: settings and locks of a session get lost there.`,
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

const unlessCancelled = (error: unknown): undefined => {
  if (error instanceof UserError && error.kind === 'cancelled') throw error
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(0)} s`

/**
 * How a pooler gives out its connections. A setting made in one session must remain after another session has begun a
 * transaction (spec of PgBouncer's modes). In statement mode the pooler itself refuses the transaction.
 */
async function poolerMode(options: Asking): Promise<'session' | 'transaction' | 'statement'> {
  const { link, place } = options
  const soon = (answer: Promise<Answers>): Promise<Answers> =>
    answerWithin(answer, {
      ...options,
      what: `a second connection of the pooler at ${place}`,
      late: () =>
        refused(
          `The connection pooler at ${place} gave no second connection in ${seconds(options.limitMs)}: its pool has only one, or all are in use.`,
          'Name the address of the server behind it, or give the pool more connections (default_pool_size).',
        ),
    })
  const mark = `p${Math.random().toString(36).slice(2)}`
  const other = await options.another()
  try {
    await soon(link.send(`SET migration_gate.probe = '${mark}'`))
    await soon(other.send('BEGIN'))
    // Without an answer, the other session has the connection of this one.
    const answer = soon(link.send(`SELECT current_setting('migration_gate.probe', true)`)).catch(unlessCancelled)
    const [row] = lastRows((await answer) ?? [])
    return row?.[0] === mark ? 'session' : 'transaction'
  } catch (error) {
    if (isDatabaseError(error) && /transaction blocks not allowed|statement pool/i.test(error.message))
      return 'statement'
    throw error
  } finally {
    await other.close()
  }
}
