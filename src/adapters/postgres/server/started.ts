// A cluster of our own: started in a fresh folder, reached over its private socket, removed without a trace.
import { dirname, join } from 'node:path'
import pg from 'pg'
import type { ClientConfig } from 'pg'
import { cancelled, stopIfCancelled } from '../../../model/errors.js'
import { UserError } from '../../../model/errors.js'
import { pause } from '../../../model/pause.js'
import type { Cluster } from '../cluster.js'
import type { Build } from './build.js'
import type { Cache } from './cache.js'
import { removeTree } from './command.js'
import { startGuardian } from './guardian.js'
import type { Guardian } from './guardian.js'
import { makeRunDirectory, readTail } from './run-directory.js'
import type { RunDirectory } from './run-directory.js'
import { discardSeed, ensureSeed, initialise } from './data-directory.js'
import type { Seed } from './data-directory.js'
import type { Account, Machine } from './machine.js'

/** `replication`: slots and logical decoding work there, as they do on most servers of production. */
export type OwnOptions = {
  readonly replication: boolean
  readonly build: Build
  readonly cache: Cache | undefined
  readonly machine: Machine
  readonly account: Account | undefined
  readonly signal: AbortSignal
}

const LONGEST_START = 60_000
const MIB = 1_048_576

/** Resolves when the server answers. Rejects with a UserError, and then leaves nothing. */
export async function startOwn(options: OwnOptions): Promise<Cluster> {
  const { cache, signal } = options
  stopIfCancelled(signal)
  const seed = cache && (await seedOrNone({ ...options, folder: cache.data }))
  if (seed === undefined) return startIn(options, undefined)
  try {
    return await startIn(options, seed.path)
  } catch (error) {
    if (seed.age === 'new' || signal.aborted) throw error
    await discardSeed({ ...options, path: seed.path })
    const fresh = await seedOrNone({ ...options, folder: dirname(seed.path) })
    return startIn(options, fresh?.path)
  }
}

/** A full cache must not stop a run that has room elsewhere. Without a seed, initdb runs in the folder of the run. */
const seedOrNone = (options: OwnOptions & { readonly folder: string }): Promise<Seed | undefined> =>
  ensureSeed(options).catch((error: unknown) => {
    if (options.signal.aborted || !(error instanceof UserError)) throw error
    return undefined
  })

async function startIn(options: OwnOptions, seed: string | undefined): Promise<Cluster> {
  const { build, machine, account, signal } = options
  const run = await makeRunDirectory(options)
  let guardian: Guardian | undefined
  const stop = async (): Promise<void> => {
    if (guardian === undefined) await removeTree({ path: run.path, machine, account })
    else await guardian.release()
  }
  const onAbort = (): void => void stop()
  try {
    if (seed === undefined) await initialise({ ...options, directory: join(run.path, 'data') })
    stopIfCancelled(signal)
    guardian = startGuardian({
      run: run.path,
      seed,
      command: serverCommand(build, run, options.replication),
      machine,
      account,
    })
    signal.addEventListener('abort', onAbort)
    const version = await waitUntilReady({ run: run.path, guardian, signal })
    const report = { version, major: build.major, source: build.source }
    return ownCluster({ run: run.path, guardian, report, signal, onAbort })
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    await stop()
    throw error
  }
}

/** A slot that a script leaves keeps no more WAL than this. */
const REPLICATION = ['wal_level=logical', 'max_wal_senders=4', 'max_slot_wal_keep_size=32MB'].flatMap((setting) => [
  '-c',
  setting,
])

/** WAL may take a quarter of the free space, so that it does not fill a small tmpfs. */
function serverCommand(build: Build, run: RunDirectory, replication: boolean): readonly string[] {
  const wal = Math.max(64, Math.min(1024, Math.floor(run.freeBytes / MIB / 4)))
  return [
    join(build.bin, 'postgres'),
    '-D',
    join(run.path, 'data'),
    '-k',
    run.path,
    '-c',
    `max_wal_size=${wal}MB`,
    ...(replication ? REPLICATION : []),
  ]
}

function ownCluster(options: {
  run: string
  guardian: Guardian
  report: Cluster['report']
  signal: AbortSignal
  onAbort: () => void
}): Cluster {
  const { run, guardian, report, signal, onAbort } = options
  return {
    kind: 'own',
    report,
    maintenance: 'postgres',
    role: undefined,
    connection: (database) => connectionTo(run, database),
    explain: async () => (signal.aborted ? cancelled() : whyEnded({ run, guardian, signal })),
    stop: async () => {
      signal.removeEventListener('abort', onAbort)
      await guardian.release()
    },
  }
}

/** Sets every field that pg would otherwise take from a PG* variable of the user. */
const connectionTo = (run: string, database: string): ClientConfig => ({
  host: run,
  port: 5432,
  user: 'postgres',
  password: 'none',
  database,
  ssl: false,
  sslnegotiation: 'postgres',
  application_name: 'pg-migration-gate',
  client_encoding: 'UTF8',
  options: '-c client_encoding=UTF8',
})

async function waitUntilReady(options: { run: string; guardian: Guardian; signal: AbortSignal }): Promise<string> {
  const { run, guardian, signal } = options
  let ended: string | undefined
  void guardian.ended.then((message) => (ended = message))
  for (const start = Date.now(); ended === undefined && Date.now() - start < LONGEST_START;) {
    stopIfCancelled(signal)
    const version = await askVersion(connectionTo(run, 'postgres'))
    if (version !== undefined) return version
    await pause(4, signal)
  }
  stopIfCancelled(signal)
  throw await whyEnded({ run, guardian, signal })
}

async function askVersion(config: ClientConfig): Promise<string | undefined> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    return rows[0]?.server_version.split(' ')[0]
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Waits a moment for the guardian's report, because a broken connection is noticed before the server's end. */
async function whyEnded(options: { run: string; guardian: Guardian; signal: AbortSignal }): Promise<UserError> {
  const { run, guardian, signal } = options
  const report = await Promise.race([guardian.ended, pause(500, signal).then(() => undefined)])
  const words = `${report?.startsWith('exit status') ? '' : (report ?? '')}\n${await readTail(join(run, 'log'))}`
  const lines = words.split('\n').filter((line) => line.trim() !== '' && !ASIDE.test(line))
  const grave = lines.filter((line) => GRAVE.test(line))
  const last = [...new Set((grave.length > 0 ? grave : lines).map((line) => printable(withoutStamp(line))))].slice(-4)
  const full = /No space left on device/.test(words)
  return new UserError({
    kind: 'environment',
    what: [
      report === undefined
        ? 'The connection to the PostgreSQL server of this run broke.'
        : `The PostgreSQL server of this run ended unexpectedly${full ? ': its disk is full' : ''}.`,
      ...(last.length > 0 ? ['Its last messages:', ...last.map((line) => `  ${line}`)] : []),
    ].join('\n'),
    fix: full
      ? 'Its disk is full: set TMPDIR to a larger place, then run again.'
      : 'See whether the machine ran out of memory or disk, then run again; --server names another one.',
  })
}

/**
 * Lines of a server's log that only add to a message: further lines (they start with a tab), and statements, ours or a
 * script's.
 */
const ASIDE = /^\t|\[\d+\] (?:STATEMENT|CONTEXT|QUERY|LOCATION): /

/** Real problems. Other lines are about starting, stopping and other processes. */
const GRAVE =
  /\[\d+\] (?:PANIC|FATAL|ERROR): (?! *terminating connection| *the database system is (?:starting|shutting))/

/** Without the time and the process id at the start of every log line (log_line_prefix '%m [%p] '). */
const withoutStamp = (line: string): string => line.replace(/^[-\d]+ [:.\d]+ \w+ \[\d+\] /, '')

const printable = (line: string): string => line.replace(/[^\P{Cc}\t]/gu, '\uFFFD').slice(0, 300)
