// From the variable with a DSN to a session on its database, with an optional wait.
import type { ClientConfig } from 'pg'
import { stopIfCancelled } from '../../../model/errors.js'
import { UserError } from '../../../model/errors.js'
import { isThisMachine } from '../../../model/this-machine.js'
import { pause } from '../../../model/pause.js'
import { parseDsn, parseWritten, type Dsn } from '../server/dsn.js'
import { tlsOffers } from '../server/tls.js'
import { describe, explainTrouble, placeOf } from '../server/connect-errors.js'
import type { Machine } from '../server/machine.js'
import { openLink, type Link } from './connection.js'
import { SOON_MS, type Waits } from './patience.js'

export type Address = {
  readonly dsn: Dsn
  /** The name of the variable, for messages. */
  readonly variable: string
  /** `host:port/database`. */
  readonly place: string
}

const LONGEST_CONNECT_MS = 10_000

/**
 * Reads the DSN. `verified`: on another host, where someone may listen in between, the server's certificate must be valid, unless the DSN or PGSSLMODE sets a
 * mode of its own. Throws a UserError of kind `use` that never repeats any part of it.
 */
export function readAddress(options: {
  readonly name: string
  readonly variable: string
  readonly environment: Machine['environment']
  readonly tls?: 'usual' | 'verified'
}): Address {
  const { name, variable, environment, tls = 'usual' } = options
  const text = environment[variable]?.trim() ?? ''
  if (text === '') {
    throw new UserError({
      kind: 'use',
      what: `${name}: the variable ${variable} is not set, so there is no database to work on`,
      fix: `Set it: export ${variable}=postgres://user:password@host:5432/${name}`,
    })
  }
  return naming(variable, () => {
    const dsn = parseDsn(text, { environment })
    if (parseWritten(text)['dbname'] === undefined) {
      throw new UserError({
        kind: 'use',
        what: `The variable ${variable} names no database.`,
        fix: `Write it after the address: postgres://user@host:5432/${name}`,
      })
    }
    const strict = tls === 'verified' && dsn['sslmode'] === undefined && !isThisMachine(dsn['host'] ?? '')
    const place = `${placeOf(dsn)}/${dsn['dbname'] ?? ''}`
    return { dsn: strict ? { ...dsn, sslmode: 'verify-full' } : dsn, variable, place }
  })
}

/** Messages about `--server` name the variable here. */
function naming<T>(variable: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const what = error.message.replace('address of the server (--server)', `DSN in ${variable}`)
    throw new UserError({ kind: error.kind, what, fix: error.fix })
  }
}

/** Problems that time can solve: nothing listens yet, no such name yet, starting up, no such database yet, no room. */
const PASSING = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '57P03',
  '57P01',
  '3D000',
  '53300',
])

/** Tries again for at most `waitMs`, and says after a moment that it `waits`. Rejects with a UserError that says what is wrong, without the DSN. */
export async function connect(options: {
  readonly address: Address
  readonly waitMs: number
  readonly signal: AbortSignal
  readonly waits?: Waits
}): Promise<Link> {
  const { address, waitMs, signal, waits = () => undefined } = options
  const start = performance.now()
  const timer = setTimeout(() => waits(`a connection to ${address.place}`), SOON_MS)
  try {
    return await tryUntil(address, { start, waitMs, signal })
  } finally {
    clearTimeout(timer)
  }
}

async function tryUntil(
  address: Address,
  { start, waitMs, signal }: { readonly start: number; readonly waitMs: number; readonly signal: AbortSignal },
): Promise<Link> {
  for (let attempt = 0; ; attempt++) {
    stopIfCancelled(signal)
    const tried = await tryOnce(address, signal)
    if ('link' in tried) return tried.link
    stopIfCancelled(signal)
    const { code, message } = describe(tried.error)
    const passing = PASSING.has(code) || /timeout|terminated unexpectedly/i.test(message)
    const left = waitMs - (performance.now() - start)
    if (!passing || left <= 0) throw explain(tried.error, { address, waited: waitMs > 0 && passing })
    await pause(Math.min(left, 100 * 2 ** Math.min(attempt, 4)), signal)
  }
}

async function tryOnce(
  { dsn, variable }: Address,
  signal: AbortSignal,
): Promise<{ readonly link: Link } | { readonly error: unknown }> {
  let failure: unknown
  for (const ssl of naming(variable, () => tlsOffers(dsn))) {
    try {
      return { link: await openLink(configOf(dsn, ssl), signal) }
    } catch (error) {
      failure = error
      if (!/does not support SSL/.test(describe(error).message)) break
    }
  }
  return { error: failure }
}

const configOf = (dsn: Dsn, ssl: NonNullable<ClientConfig['ssl']>): ClientConfig => ({
  host: dsn['host'],
  port: Number(dsn['port']),
  user: dsn['user'],
  password: dsn['password'],
  database: dsn['dbname'],
  ssl,
  application_name: 'pg-migration-gate',
  client_encoding: 'UTF8',
  connectionTimeoutMillis: LONGEST_CONNECT_MS,
  ...startOptions(dsn),
})

/** `search_path` in a URL is how several tools move their table (lib/pq sends it at the start of the session). */
function startOptions(dsn: Dsn): Pick<ClientConfig, 'options'> {
  const path = dsn['search_path']
  const parts = [
    ...(dsn['options'] === undefined ? [] : [dsn['options']]),
    ...(path === undefined ? [] : [`-c search_path=${path.replaceAll(/[\\ ]/g, '\\$&')}`]),
  ]
  return parts.length === 0 ? {} : { options: parts.join(' ') }
}

function explain(error: unknown, options: { readonly address: Address; readonly waited: boolean }): UserError {
  const { address, waited } = options
  if (describe(error).code === '3D000') {
    return new UserError({
      kind: 'environment',
      what: `The server at ${placeOf(address.dsn)} has no database "${address.dsn['dbname'] ?? ''}"${waited ? ', and did not get it in time' : ''}.`,
      fix: 'Create it (CREATE DATABASE), or correct the DSN.',
    })
  }
  const known = explainTrouble(error, address.dsn)
  if (!waited) return known
  return new UserError({
    kind: known.kind,
    what: `${known.message.replace(/\.$/, '')}, and that did not change in time.`,
    fix: known.fix,
  })
}
