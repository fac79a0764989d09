// One connection to a live database. It also reports how far a message got, and the state of the transaction.
import pg from 'pg'
import type { ClientConfig } from 'pg'
import type { Row } from '../../../ports/modules.js'
import { isDatabaseError, oneStatement, onReady } from '../session.js'
import { type Answers, sendBoth, sendSimple } from '../simple-query.js'
import { UserError } from '../../../model/errors.js'

/**
 * `send` takes one simple-query message. It rejects with pg's DatabaseError for a refusal of the server, and with
 * LostConnection once the connection is gone. `sendBoth` sends two: the server executes the second after it has
 * answered the first, whatever that answer is. `transaction` is `idle`, `open` or `failed`, as in the server's last
 * answer.
 */
export type Link = {
  readonly pid: number
  readonly send: (text: string) => Promise<Answers>
  readonly sendBoth: (first: string, second: string) => ReturnType<typeof sendBoth>
  /** Runs one statement with parameters. Rejects as `send` does. */
  readonly query: (text: string, values: readonly unknown[]) => Promise<readonly Row[]>
  readonly transaction: () => 'idle' | 'open' | 'failed'
  readonly isLost: () => boolean
  readonly close: () => Promise<void>
}

/** The connection ended. `said` is the server's last message, if there was one. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection'
  readonly said: { readonly sqlstate: string; readonly message: string } | undefined

  constructor(said: LostConnection['said'], cause?: unknown) {
    super(said?.message ?? 'the connection broke', { cause })
    this.said = said
  }
}

/** Text stays text: no value becomes a JavaScript number or date. */
const raw = { getTypeParser: () => (value: string) => value }

const STATES: Readonly<Record<string, 'idle' | 'open' | 'failed'>> = { I: 'idle', T: 'open', E: 'failed' }

/** How long a goodbye to the server may take. */
const GOODBYE_MS = 2_000

/** Rejects as pg's connect does. The signal ends the attempt. */
export async function openLink(config: ClientConfig, signal?: AbortSignal): Promise<Link> {
  const client = new pg.Client({ ...config, keepAlive: true, types: raw as unknown as pg.CustomTypesConfig })
  let lost: LostConnection | undefined
  let state: 'idle' | 'open' | 'failed' = 'idle'
  const lose = (cause?: unknown): LostConnection => (lost ??= new LostConnection(lastWord(cause), cause))
  client.on('error', lose)
  client.on('end', () => lose())
  onReady(client, (status) => (state = STATES[status ?? ''] ?? 'idle'))
  const end = (): void => void client.connection.stream.destroy()
  signal?.addEventListener('abort', end)
  try {
    await client.connect()
  } finally {
    signal?.removeEventListener('abort', end)
  }
  const fail = (error: unknown): never => {
    throw isDatabaseError(error) ? error : lose(error)
  }
  const asking = <T>(ask: () => Promise<T>): Promise<T> =>
    lost === undefined ? ask().catch(fail) : Promise.reject(lost)
  return {
    // Not in @types/pg: the process id that the server named when the connection was made.
    pid: (client as unknown as { readonly processID: number }).processID,
    send: (text) => asking(() => sendSimple(client, text)),
    sendBoth: (first, second) => {
      const sent = sendBoth(client, first, second)
      return { first: sent.first.catch(fail), second: sent.second.catch(fail) }
    },
    query: (text, values) => asking(async () => (await client.query<Row>(oneStatement(text, values))).rows),
    transaction: () => state,
    isLost: () => lost !== undefined,
    close: async () => {
      client.removeAllListeners('end')
      // A pooler may hear the goodbye only when it has a connection to the server.
      const timer = setTimeout(end, GOODBYE_MS)
      await client.end().catch(() => undefined)
      clearTimeout(timer)
    },
  }
}

function lastWord(cause: unknown): LostConnection['said'] {
  if (!(cause instanceof pg.DatabaseError)) return undefined
  return { sqlstate: cause.code ?? '57P01', message: cause.message }
}

/** The rows of the last statement of a message. */
export const lastRows = (answers: Answers): Answers[number]['rows'] => answers.at(-1)?.rows ?? []

/** The error for a broken connection. `place` is `host:port/database`. */
export function brokenConnection(place: string, error: LostConnection): UserError {
  const reason = error.said === undefined ? '' : `: ${error.said.message}`
  return new UserError({
    kind: 'environment',
    what: `The connection to ${place} broke${reason}.`,
    fix: 'See whether the server was stopped or ran out of memory or disk (its log says), then run again.',
    cause: error,
  })
}
