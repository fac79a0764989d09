// The proof of one database: every migration up, down and up again, then the whole chain.
import type { DatabaseConfig } from '../core/config.js'
import type { Migration, Script } from '../core/migration.js'
import type { ChainReport, MigrationReport } from '../core/report.js'
import type { Clock, Server } from '../ports.js'

/**
 * `migrations` and `seeds` stand in the tool's order. `setup` is run in every scratch database before the chain;
 * `standIns` holds the script (up, and down if there is one) to run for a code migration, by version.
 * `progress` is told after every migration.
 */
export type ProveOptions = {
  readonly config: DatabaseConfig
  readonly migrations: readonly Migration[]
  readonly seeds: readonly Migration[]
  readonly setup: readonly Script[]
  readonly standIns: ReadonlyMap<string, Pick<Migration, 'up' | 'down'>>
  readonly server: Server
  readonly clock: Clock
  readonly snapshots: 'guided' | 'full'
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number) => void
}

export type ProveResult = {
  readonly migrations: readonly MigrationReport[]
  readonly chain: ChainReport | undefined
  /** Why nothing could be proved, in a sentence (an environment problem). */
  readonly notProved: string | undefined
}

/** Rejects with a UserError when the server is gone or the run was cancelled; never for what a migration did. */
export function prove(options: ProveOptions): Promise<ProveResult> {
  return Promise.reject(new Error(`not built yet: ${options.config.name}`))
}
