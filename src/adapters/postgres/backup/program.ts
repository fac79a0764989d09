// Runs one of PostgreSQL's own programs to its end, with the root certificates that it needs.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ClientConfig } from 'pg'
import { stopIfCancelled, UserError } from '../../../model/errors.js'
import { withoutSecrets } from '../../../sql/secrets.js'
import { childEnvironment, type Machine } from '../server/machine.js'
import type { Dsn } from '../server/dsn.js'
import { describe } from '../server/connect-errors.js'
import type { Clients } from './clients.js'
import { randomBytes } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { rootCertificates } from 'node:tls'

/** Variables of libpq for the connection, so that no part of it is in the program's arguments. */
export type Connection = Readonly<Record<string, string>>

/**
 * The variables for a DSN (PostgreSQL, "Environment Variables" of libpq). `database` replaces the one that the DSN
 * names.
 */
export function connectionOf(dsn: Dsn, database: string | undefined, environment: Machine['environment']): Connection {
  const mode = dsn['sslmode'] === 'no-verify' ? 'require' : dsn['sslmode']
  const variables: Readonly<Record<string, string | undefined>> = {
    PGHOST: dsn['host'],
    PGPORT: dsn['port'],
    PGUSER: dsn['user'],
    PGPASSWORD: dsn['password'],
    PGDATABASE: database ?? dsn['dbname'],
    PGSSLMODE: mode,
    PGSSLROOTCERT: dsn['sslrootcert'],
    PGOPTIONS: dsn['options'],
    PGSSLCERT: dsn['sslcert'],
    PGSSLKEY: dsn['sslkey'],
    PGPASSFILE: environment['PGPASSFILE'],
    HOME: environment['HOME'],
    PGAPPNAME: 'pg-migration-gate',
  }
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/** As `connectionOf`, for a server that we started. */
export const connectionTo = ({ host, port, user, password, database }: ClientConfig): Connection =>
  Object.fromEntries(
    Object.entries({
      PGHOST: host,
      PGPORT: port?.toString(),
      PGUSER: user,
      PGDATABASE: database,
      PGAPPNAME: 'pg-migration-gate',
      PGPASSWORD: typeof password === 'string' ? password : undefined,
    }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  )

const LONGEST_WORDS = 8_192

/**
 * Rejects with a UserError that holds the first line of the program's message, without secrets and data. Its kind is
 * `cancelled` after an abort of the signal. The program has its own session, so that Ctrl-C reaches only us. `into`
 * gets its output.
 */
export const runProgram = (options: Running): Promise<void> =>
  trusting(options.connection, options.machine.environment, (connection) => toItsEnd({ ...options, connection }))

/** The same, and gives the program's output as text. */
export async function readProgram(options: Omit<Running, 'into'>): Promise<string> {
  const pieces: Buffer[] = []
  const into = new Writable({
    write: (piece: Buffer, _, done) => {
      pieces.push(piece)
      done()
    },
  })
  await runProgram({ ...options, into })
  return Buffer.concat(pieces).toString('utf8')
}

type Running = {
  readonly clients: Clients
  readonly name: 'pg_dump' | 'pg_restore' | 'pg_dumpall'
  readonly args: readonly string[]
  readonly connection: Connection
  readonly machine: Pick<Machine, 'environment'>
  readonly what: string
  readonly signal: AbortSignal
  readonly into?: Writable
  /** What to do after a failure, if there is a more exact answer than to fix the cause. */
  readonly fix?: string
}

async function toItsEnd(options: Running): Promise<void> {
  const { clients, name, signal, into } = options
  stopIfCancelled(signal)
  const child = spawn(path.join(clients.bin, name), options.args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', into === undefined ? 'ignore' : 'pipe', 'pipe'],
    env: { ...childEnvironment(options.machine), ...options.connection },
  })
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(0, LONGEST_WORDS)))
  const end = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  const written = into && child.stdout ? finished(child.stdout.pipe(into)) : Promise.resolve()
  written.catch(end)
  const code = await new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (ended) => resolve(ended ?? undefined))
  })
  signal.removeEventListener('abort', end)
  stopIfCancelled(signal)
  await written.catch((cause: unknown) => {
    throw failed({ ...options, why: describe(cause).message, cause })
  })
  if (code !== 0) throw failed({ ...options, why: firstWords(words, name) })
}

/** PostgreSQL's messages for what a role may not read, create or give to another role. */
const RIGHTS = /permission denied|must be (?:owner|member|superuser|able to SET ROLE)|row-level security/

const READ_ALL =
  'Nothing was changed. The role must be able to read everything: GRANT pg_read_all_data to it. Large objects of other owners need GRANT SELECT ON LARGE OBJECT, and forced row-level security needs BYPASSRLS. Then run again.'

const RIGHTS_FIX: Readonly<Record<Running['name'], string>> = {
  pg_dump: READ_ALL,
  pg_dumpall: READ_ALL,
  pg_restore:
    'Nothing was changed. The role that restores a backup creates all of its objects. This role may not create some of them (extensions that are not trusted, event triggers, objects of roles that it is not a member of). Restore with the address of an administrator; the owners stay as they were.',
}

function failed(options: {
  name: Running['name']
  what: string
  why: string
  fix?: string | undefined
  cause?: unknown
}): UserError {
  const { name, what, why, cause } = options
  const fix =
    options.fix ?? (RIGHTS.test(why) ? RIGHTS_FIX[name] : 'Nothing was changed. Fix the cause, then run again.')
  return new UserError({ kind: 'environment', what: `${what}: ${why || 'it ended without a message'}`, fix, cause })
}

/** The lines that name the cause. Text after DETAIL or in quotes may be data of a row. */
function firstWords(text: string, name: string): string {
  const lines = text
    .split('\n')
    .filter(
      (line) =>
        /error|fatal|could not|No space|mismatch|denied|failed/i.test(line) && !/^(?:DETAIL|CONTEXT|HINT)/.test(line),
    )
    .map((line) => line.replace(new RegExp(`^${name}: (?:error: )?`), '').trim())
  return withoutSecrets(lines.slice(0, 2).join('; ')).slice(0, 500)
}

/**
 * Gives the body a file of root certificates when a connection needs verification and names none, because libpq has
 * none itself. The file holds Node's own roots and those of NODE_EXTRA_CA_CERTS. libpq's default file takes precedence.
 * Removes the file afterwards.
 */
export async function trusting<T>(
  connection: Readonly<Record<string, string>>,
  environment: Machine['environment'],
  body: (connection: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const verified = connection['PGSSLMODE']?.startsWith('verify-') === true
  const usual = path.join(environment['HOME'] ?? '/', '.postgresql/root.crt')
  if (!verified || connection['PGSSLROOTCERT'] !== undefined || (await isThere(usual))) return body(connection)
  const extra = environment['NODE_EXTRA_CA_CERTS']
  const more = extra === undefined ? [] : [await readFile(extra, 'utf8').catch(() => '')]
  const name = `pg-migration-gate-${randomBytes(8).toString('hex')}.pem`
  const file = path.join(environment['RUNNER_TEMP'] ?? tmpdir(), name)
  await writeFile(file, [...rootCertificates, ...more].join('\n'), { mode: 0o600 })
  try {
    return await body({ ...connection, PGSSLROOTCERT: file })
  } finally {
    await rm(file, { force: true })
  }
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )
