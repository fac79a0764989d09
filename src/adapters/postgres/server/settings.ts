// Initialisation and settings of a server for one run.
import type { Build } from './build.js'

/** Increase it when a change here affects the data directory in a way that its text does not show. */
const LAYOUT = 1

/**
 * Arguments of initdb. UTF-8 everywhere, and the same order of text on every machine: by code point. From 17 on this
 * uses PostgreSQL's own `C.UTF-8`, whose upper() and lower() know all letters as production does. Before that it uses
 * `C`, which knows ASCII only, because the C library's `C.UTF-8` is not on every machine. WAL in pieces of 1 MB keeps
 * the directory small. `trust` is safe here: only the account that runs the server can reach the socket.
 */
export function initdbArguments({ major }: Build): readonly string[] {
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
export function serverSettings({ major }: Build): string {
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
