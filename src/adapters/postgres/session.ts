// One connection to one database.
import pg from 'pg'
import type { ClientConfig, DatabaseError, QueryConfig } from 'pg'
import { UserError } from '../../model/errors.js'
import type { Row } from '../../ports/modules.js'
import { sendSimple, type Answers } from './simple-query.js'

/** A lost connection stays lost: every later call rejects with the same UserError, which `explain` makes. */
export type Session = {
  /** Sends the text as one simple-query message. Rejects with pg's DatabaseError for a refusal of the server. */
  readonly send: (text: string) => Promise<Answers>
  /** Runs one statement with parameters. Rejects as `send` does. */
  readonly query: (text: string, values: readonly unknown[]) => Promise<readonly Row[]>
  /** Whether a transaction was open, or failed, after the last answer. */
  readonly inTransaction: () => boolean
  readonly close: () => Promise<void>
}

/** Text stays text: no value becomes a JavaScript number or date. */
const raw = { getTypeParser: () => (value: string) => value }

/**
 * Rejects with the server's own refusal. Without an answer, it rejects with the error from `explain`, now and at every
 * later use.
 */
export async function openSession(
  config: ClientConfig,
  explain: () => Promise<UserError> = () => Promise.resolve(connectionLost()),
): Promise<Session> {
  const client = new pg.Client({ ...config, types: raw as unknown as pg.CustomTypesConfig })
  let lost: Promise<UserError> | undefined
  let status: string | undefined
  const lose = (): Promise<UserError> => (lost ??= explain())
  client.on('error', () => void lose())
  client.on('end', () => void lose())
  onReady(client, (latest) => (status = latest))
  try {
    await client.connect()
  } catch (error) {
    throw isDatabaseError(error) ? error : await lose()
  }
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (lost !== undefined) throw await lost
    try {
      return await ask()
    } catch (error) {
      if (isDatabaseError(error)) throw error
      throw await lose()
    }
  }
  return {
    send: (text) => asking(() => sendSimple(client, text)),
    query: (text, values) =>
      asking(async () => {
        return (await client.query<Row>(oneStatement(text, values))).rows
      }),
    inTransaction: () => status !== undefined && status !== 'I',
    close: async () => {
      client.removeAllListeners('end')
      await client.end().catch(() => undefined)
    },
  }
}

/** Reports the status at the end of each answer of the server: `I` idle, `T` in a transaction, `E` in a failed one. */
export function onReady(client: pg.Client, listener: (status: string | undefined) => void): void {
  const wire = client.connection as unknown as Emitter
  wire.on('readyForQuery', ({ status }) => listener(status))
}

/** What pg's connection emits for ReadyForQuery (PostgreSQL, "Message Formats"). It is not in pg's types. */
type Emitter = { readonly on: (name: string, listener: (message: { readonly status?: string }) => void) => void }

/** The extended protocol, also without parameters: it accepts one statement and no more. */
export const oneStatement = (
  text: string,
  values: readonly unknown[],
): QueryConfig<unknown[]> & { queryMode: string } => ({
  text,
  values: [...values],
  queryMode: 'extended',
})

const connectionLost = (): UserError =>
  new UserError({
    kind: 'environment',
    what: 'The connection to the PostgreSQL server broke.',
    fix: 'See whether the server was stopped or ran out of memory or disk, then run again.',
  })

/** Whether an error is a refusal of the server after which the session is usable. Those of 57P01 to 57P05 end it. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof pg.DatabaseError && !/^57P0[1-5]$/.test(error.code ?? '')
}

/** For a connection that ended during a script, in PostgreSQL's own terms (admin_shutdown). */
export function sessionEnded(): DatabaseError {
  const error = new pg.DatabaseError('the script ended its own connection', 0, 'error')
  error.code = '57P01'
  return error
}
