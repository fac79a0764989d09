// The initialised data directory that every cluster of a build starts from: its settings, made once and kept in the cache.
import { createHash } from 'node:crypto'
import { lstat, rename, lutimes } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../../model/errors.js'
import type { Build } from './build.js'
import { removeTree, runCommand } from './command.js'
import { ownerTag } from './owner.js'
import type { Account, Machine } from './machine.js'

type Options = {
  readonly build: Build
  readonly machine: Machine
  readonly account: Account | undefined
  readonly signal: AbortSignal
}

/** `age` is `kept` when the directory already existed. */
export type Seed = { readonly path: string; readonly age: 'kept' | 'new' }

const INITIALISE = 'umask 077; conf=$1; shift; "$@" && cat >"$conf"'

let drafts = 0

/**
 * The seed of this build in the cache's data folder. It is made under a unique name and then renamed, so that two runs
 * at once do not disturb each other. Rejects with a UserError, and leaves nothing, when it cannot be made.
 */
export async function ensureSeed(options: Options & { readonly folder: string }): Promise<Seed> {
  const { build, folder, machine, account } = options
  const path = join(folder, `${build.major}-${keyOf(build)}`)
  if (await lstat(path).catch(() => undefined)) {
    const now = new Date()
    await lutimes(path, now, now).catch(() => undefined)
    return { path, age: 'kept' }
  }
  const draft = `${path}.${await ownerTag(machine)}-${drafts++}`
  try {
    await initialise({ ...options, directory: draft })
    await rename(draft, path).catch(() => undefined)
  } finally {
    await removeTree({ path: draft, machine, account })
  }
  return { path, age: 'new' }
}

/** Runs initdb and writes our settings, as the account that will run the server. */
export async function initialise(options: Options & { readonly directory: string }): Promise<void> {
  const { build, directory, machine, account, signal } = options
  const initdb = [join(build.bin, 'initdb'), '-D', directory, ...initdbArguments(build)]
  const { code, output, spawnError } = await runCommand({
    program: '/bin/sh',
    args: ['-c', INITIALISE, 'sh', join(directory, 'postgresql.conf'), ...initdb],
    input: serverSettings(build),
    machine,
    account,
    signal,
  })
  if (code === 0) return
  const full = /No space left on device|disk quota/i.test(output)
  throw new UserError({
    kind: 'environment',
    what: full
      ? `There is no room for a PostgreSQL data directory in ${directory}.`
      : `initdb of PostgreSQL ${build.version} failed: ${spawnError ?? lastWords(output)}`,
    fix: full
      ? 'Free about 100 MB there, or set XDG_CACHE_HOME and TMPDIR to a larger place.'
      : `Try ${join(build.bin, 'initdb')} by hand, or name a server with --server.`,
  })
}

/** Removes a seed from which no server starts (the machine lost power while it was written). */
export async function discardSeed(options: Options & { readonly path: string }): Promise<void> {
  const { path, machine, account } = options
  const draft = `${path}.${await ownerTag(machine)}-${drafts++}`
  await rename(path, draft).catch(() => undefined)
  await removeTree({ path: draft, machine, account })
}

const keyOf = (build: Build): string =>
  createHash('sha256')
    .update(JSON.stringify([build.identity, initdbArguments(build), serverSettings(build)]))
    .digest('hex')
    .slice(0, 16)

const lastWords = (output: string): string => {
  const lines = output.trim().split('\n')
  return lines.find((line) => /(error|fatal|panic):/i.test(line)) ?? lines.at(-1) ?? 'no message'
}

/** Increase it when a change here affects the data directory in a way that its text does not show. */
const LAYOUT = 1

/**
 * Arguments of initdb. UTF-8 everywhere, and the same order of text on every machine: by code point. From 17 on this
 * uses PostgreSQL's own `C.UTF-8`, whose upper() and lower() know all letters as production does. Before that it uses
 * `C`, which knows ASCII only, because the C library's `C.UTF-8` is not on every machine. WAL in pieces of 1 MB keeps
 * the directory small. `trust` is safe here: only the account that runs the server can reach the socket.
 */
function initdbArguments({ major }: Build): readonly string[] {
  const common = [
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--wal-segsize=1',
  ]
  const provider = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const checksums = major >= 18 ? ['--no-data-checksums'] : []
  return [...common, '--no-instructions', ...provider, ...checksums]
}

/**
 * postgresql.conf. Nothing here must survive a crash of the machine. Autovacuum would move catalogue counters and hold
 * locks while a step is watched. A crash of one session ends the server, so that it is reported and not hidden.
 */
function serverSettings({ major }: Build): string {
  const settings: Record<string, string> = {
    listen_addresses: "''",
    unix_socket_permissions: '0700',
    max_connections: '50',
    max_locks_per_transaction: '256',
    shared_buffers: '128MB',
    dynamic_shared_memory_type: 'mmap',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    wal_init_zero: 'off',
    checkpoint_timeout: '1h',
    autovacuum: 'off',
    track_counts: 'on',
    jit: 'off',
    restart_after_crash: 'off',
    update_process_title: 'off',
    log_destination: "'stderr'",
    logging_collector: 'off',
    log_checkpoints: 'off',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    lc_messages: "'C'",
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    ...(major >= 18 && { io_method: "'sync'" }),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
  return `# A server for one run. Layout ${LAYOUT}.\n${lines.join('')}`
}
