// The proof of a chain as tests call it: with everything that they do not care for left out.
import type { Migration } from '../../src/model/migration.js'
import { historyOf } from '../../src/tools/histories.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { prove, type ProveResult } from '../../src/prove/database.js'
import { databaseConfig } from './migrations.js'

export const proveChain = (
  server: ScratchServer,
  migrations: readonly Migration[],
  snapshots: 'guided' | 'full' = 'guided',
  scope?: number,
  more: Partial<typeof databaseConfig> = {},
  seeds: readonly Migration[] = [],
): Promise<ProveResult> =>
  prove({
    config: { ...databaseConfig, ...more },
    migrations,
    seeds,
    setup: [],
    substitutes: new Map(),
    history: historyOf({ config: databaseConfig, layout: 'pairs', migrations }),
    server,
    callModule: () => Promise.reject(new Error('no seed is a module')),
    snapshots,
    scope,
    watch: 'none',
    touched: () => scope !== undefined,
    signal: new AbortController().signal,
    missing: 'derive',
    ways: 'none',
    progress: () => undefined,
  })
