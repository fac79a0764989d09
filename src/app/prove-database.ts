// One database that was read -> what its proof says, or what is known without one.
import type { DatabaseConfig, Unit } from '../core/config.js'
import type { Migration } from '../core/migration.js'
import type { ChainReport, DatabaseReport, MigrationReport, RunProblem } from '../core/report.js'
import { historyOf } from '../histories/index.js'
import { prove } from '../proof/prove.js'
import type { ReadDatabase } from './read-database.js'
import { isEnvironment, type ServerSlot } from './server-slot.js'
import type { World } from './world.js'

/** `problem` is a failure of the surroundings, which other databases may meet as well; `bug` is one of our own. */
export type ProvedDatabase = {
  readonly report: DatabaseReport
  readonly problem: RunProblem | undefined
  readonly bug: string | undefined
}

/** `server` is undefined when nothing is to be proved. `elapsed` is what reading took, in milliseconds. */
export async function proveDatabase(options: {
  readonly read: ReadDatabase
  readonly unit: Unit | undefined
  readonly server: ServerSlot | undefined
  readonly snapshots: 'guided' | 'full'
  readonly world: World
  readonly seedCost: number
  readonly signal: AbortSignal
  readonly elapsed: number
}): Promise<ProvedDatabase> {
  const { read, server, world } = options
  const config: DatabaseConfig = { ...read.config, unit: options.unit ?? read.config.unit }
  // Whoever comes first would be charged for the start of the server otherwise.
  if (server !== undefined) await server.get().catch(() => undefined)
  const started = world.clock.elapsed()
  const outcome =
    server === undefined ? { migrations: unproved(read) } : await tryToProve({ ...options, config, server })
  const { problem } = outcome
  return {
    report: {
      name: config.name,
      folder: config.folder,
      layout: read.schema.layout.name,
      layoutReason: read.schema.reason,
      unit: config.unit,
      migrations: outcome.migrations,
      chain: outcome.chain,
      ignored: read.ignored,
      notProved: problem?.what,
      milliseconds: options.elapsed + world.clock.elapsed() - started,
    },
    problem,
    bug: outcome.bug,
  }
}

type Outcome = {
  readonly migrations: readonly MigrationReport[]
  readonly chain?: ChainReport | undefined
  readonly problem?: RunProblem | undefined
  readonly bug?: string | undefined
}

async function tryToProve(options: {
  readonly read: ReadDatabase
  readonly config: DatabaseConfig
  readonly server: ServerSlot
  readonly snapshots: 'guided' | 'full'
  readonly world: World
  readonly seedCost: number
  readonly signal: AbortSignal
}): Promise<Outcome> {
  const { read, config, world } = options
  try {
    const { migrations, chain, notProved, bug } = await prove({
      config,
      migrations: read.schema.migrations,
      seeds: read.seeds?.migrations ?? [],
      setup: read.setup,
      standIns: read.standIns,
      history: historyOf({ config, layout: read.schema.layout.name, migrations: read.schema.migrations }),
      server: await options.server.get(),
      callModule: (call) =>
        world.modules.call({
          ...call,
          environment: 'development',
          cost: options.seedCost,
          log: () => undefined,
          signal: options.signal,
        }),
      snapshots: options.snapshots,
      signal: options.signal,
      progress: (done, total) => world.progress.move(config.name, done, total),
    })
    return { migrations, chain, problem: notProved && sentence(notProved), bug }
  } catch (error) {
    if (!isEnvironment(error)) throw error
    return { migrations: unproved(read), problem: sentence({ what: error.message, fix: error.fix }) }
  }
}

/** A report tells a problem on one line. */
const sentence = ({ what, fix }: RunProblem): RunProblem => ({ what: what.replaceAll(/\s*\n\s*/g, ' '), fix })

const unproved = ({ schema, seeds }: ReadDatabase): readonly MigrationReport[] =>
  [...schema.migrations, ...(seeds?.migrations ?? [])].map(withoutProof)

/** What is known of a migration from its files. */
function withoutProof(migration: Migration): MigrationReport {
  const { id, version, name, kind, up, down, code, irreversible } = migration
  const files = [up?.file, down?.file, code].filter((file) => file !== undefined)
  return { id, version, name, kind, files: [...new Set(files)], irreversible: irreversible?.reason, proof: undefined }
}
