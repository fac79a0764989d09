// One connection to one database.
import pg from 'pg'
import type { ClientConfig, DatabaseError, QueryConfig } from 'pg'
import { UserError } from '../../model/errors.js'
import type { Row } from '../../ports/modules.js'
import { sendSimple, type Answers } from './simple-query.js'

/** A connection that is gone stays gone: every later call rejects with the same UserError, which `explain` makes. */
export type Session = {
  /** Sends the text as one simple-query message. Rejects with pg's DatabaseError for what the server refused. */
  readonly send: (text: string) => Promise<Answers>
  /** Runs one statement with parameters. Rejects as `send` does. */
  readonly query: (text: string, values: readonly unknown[]) => Promise<readonly Row[]>
  /** Whether a transaction was open, or failed, after the last answer. */
  readonly inTransaction: () => boolean
  readonly close: () => Promise<void>
}

/** Text stays text: no value is ever turned into a JavaScript number or date. */
const raw = { getTypeParser: () => (value: string) => value }

/** Rejects with the server's own refusal, or with what `explain` says where there was no answer, now and at every later use. */
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
  onReady(client, (said) => (status = said))
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

/** Tells the status that the server ends each answer with: `I` idle, `T` in a transaction, `E` in a failed one. */
export function onReady(client: pg.Client, told: (status: string | undefined) => void): void {
  const wire = client.connection as unknown as Emitter
  wire.on('readyForQuery', ({ status }) => told(status))
}

/** What pg's connection emits for ReadyForQuery (PostgreSQL, "Message Formats"); not in its types. */
type Emitter = { readonly on: (name: string, told: (message: { readonly status?: string }) => void) => void }

/** The extended protocol, also without parameters: it takes one statement and no more. */
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

/** A refusal that the server put into words; the session lives on unless its class says otherwise (57P0x). */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof pg.DatabaseError && !/^57P0[1-5]$/.test(error.code ?? '')
}

/** For a connection that ended under a script: the words that PostgreSQL has for it (admin_shutdown). */
export function sessionEnded(): DatabaseError {
  const error = new pg.DatabaseError('the script ended its own connection', 0, 'error')
  error.code = '57P01'
  return error
}
