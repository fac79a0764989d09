// Connects to a server that the user named, and checks that it is suitable before it creates anything there.
import pg from 'pg'
import type { ClientConfig } from 'pg'
import { cancelled, stopIfCancelled } from '../../../model/errors.js'
import { UserError } from '../../../model/errors.js'
import { pause } from '../../../model/pause.js'
import type { Cluster } from '../cluster.js'
import { NEWEST_MAJOR, OLDEST_MAJOR } from './build.js'
import { parseDsn } from './dsn.js'
import type { Dsn } from './dsn.js'
import type { Machine } from './machine.js'
import { tlsOffers } from './tls.js'
import { describe, explainTrouble, placeOf } from './connect-errors.js'

export type GivenOptions = {
  readonly server: string
  readonly major: number | undefined
  readonly machine: Machine
  readonly signal: AbortSignal
}

const LONGEST_CONNECT = 10_000
const LONGEST_START = 15_000

const FACTS = `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
  pg_backend_pid() AS pid, pg_is_in_recovery() AS standby,
  (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user) AS creates,
  (SELECT rolname FROM pg_roles WHERE rolname = current_user AND NOT rolsuper) AS limited`

type Facts = {
  readonly number: number
  readonly version: string
  readonly pid: number
  readonly standby: boolean
  readonly creates: boolean
  readonly limited: string | null
}

/** Rejects with a UserError that says what is wrong with the server and how to fix it. Changes nothing there. */
export async function useGiven(options: GivenOptions): Promise<Cluster> {
  const dsn = parseDsn(options.server, options.machine)
  const { config, facts, connectedPid } = await look({ dsn, signal: options.signal })
  const problem = problemOf({ facts, connectedPid, dsn, major: options.major })
  if (problem !== undefined) throw new UserError({ kind: 'environment', ...problem })
  return {
    kind: 'given',
    report: { version: facts.version.split(' ')[0] ?? facts.version, major: majorOf(facts), source: 'given' },
    maintenance: dsn['dbname'] ?? 'postgres',
    role: facts.limited ?? undefined,
    connection: (database) => ({ ...config, database }),
    explain: () => Promise.resolve(options.signal.aborted ? cancelled() : lostTo(dsn)),
    stop: () => Promise.resolve(),
  }
}

const majorOf = ({ number }: Facts): number => Math.floor(number / 10_000)

const lostTo = (dsn: Dsn): UserError =>
  new UserError({
    kind: 'environment',
    what: `The connection to the server at ${placeOf(dsn)} broke.`,
    fix: "See the server's log for the reason (restart, memory, disk), then run again.",
  })

type Looked = { readonly config: ClientConfig; readonly facts: Facts; readonly connectedPid: number }

/** Tries what TLS allows. Waits a little for a server that reports that it is starting. */
async function look({ dsn, signal }: { dsn: Dsn; signal: AbortSignal }): Promise<Looked> {
  const start = Date.now()
  for (;;) {
    let failure: unknown
    for (const ssl of tlsOffers(dsn)) {
      stopIfCancelled(signal)
      const config = configOf(dsn, ssl)
      try {
        return { config, ...(await ask({ config: { ...config, database: dsn['dbname'] }, signal })) }
      } catch (error) {
        stopIfCancelled(signal)
        failure = error
        if (!/does not support SSL/.test(describe(error).message)) break
      }
    }
    if (describe(failure).code !== '57P03' || Date.now() - start > LONGEST_START) throw explainTrouble(failure, dsn)
    await pause(200, signal)
  }
}

const configOf = (dsn: Dsn, ssl: NonNullable<ClientConfig['ssl']>): ClientConfig => ({
  host: dsn['host'],
  port: Number(dsn['port']),
  user: dsn['user'],
  password: dsn['password'],
  ssl,
  application_name: 'pg-migration-gate',
  client_encoding: 'UTF8',
  connectionTimeoutMillis: LONGEST_CONNECT,
  ...(dsn['options'] !== undefined && { options: dsn['options'] }),
})

async function ask(options: { config: ClientConfig; signal: AbortSignal }): Promise<Omit<Looked, 'config'>> {
  const client = new pg.Client(options.config)
  const end = (): void => void client.end().catch(() => undefined)
  client.on('error', () => undefined)
  options.signal.addEventListener('abort', end)
  try {
    await client.connect()
    const { rows } = await client.query<Facts>({ text: FACTS, query_timeout: LONGEST_CONNECT } as pg.QueryConfig)
    const [facts] = rows
    if (facts === undefined) throw new Error('it gave no answer about itself')
    // Not in @types/pg: the process id that the server named when the connection was made.
    return { facts, connectedPid: (client as unknown as { readonly processID: number }).processID }
  } finally {
    options.signal.removeEventListener('abort', end)
    await client.end().catch(() => undefined)
  }
}

function problemOf(options: {
  facts: Facts
  connectedPid: number
  dsn: Dsn
  major: number | undefined
}): { readonly what: string; readonly fix: string } | undefined {
  const { facts, connectedPid, dsn, major } = options
  const place = placeOf(dsn)
  if (majorOf(facts) < OLDEST_MAJOR) {
    return {
      what: `The server at ${place} is PostgreSQL ${facts.version}, older than ${OLDEST_MAJOR}.`,
      fix: `Use a server of version ${OLDEST_MAJOR} to ${NEWEST_MAJOR}.`,
    }
  }
  if (major !== undefined && major !== majorOf(facts)) {
    return {
      what: `The server at ${place} is PostgreSQL ${majorOf(facts)}, but ${major} was asked for (--postgres).`,
      fix: 'Leave --postgres out, or name a server of that version.',
    }
  }
  if (connectedPid !== facts.pid) {
    return {
      what: `At ${place} there is a connection pooler, not the server itself: sessions do not stay on one connection.`,
      fix: 'Name the address of the server behind it.',
    }
  }
  if (facts.standby) {
    return { what: `The server at ${place} is a standby and takes no writes.`, fix: 'Name the primary server.' }
  }
  if (!facts.creates) {
    return {
      what: `The user "${dsn['user'] ?? ''}" may not create scratch databases on the server at ${place}.`,
      fix: 'As an administrator: ALTER ROLE that user CREATEDB. Or name another user.',
    }
  }
  return undefined
}
