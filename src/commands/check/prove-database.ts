// Proves one database and makes its report, or makes the report from the files alone.
import type { DatabaseConfig, ImpactSettings, Unit } from '../../model/config.js'
import type { UpEffects } from '../../catalog/up-effect.js'
import type { Migration } from '../../model/migration.js'
import type {
  ChainReport,
  DatabaseReport,
  MigrationChange,
  MigrationReport,
  RunProblem,
} from '../../report/check-report.js'
import { isUpOnly } from '../../model/migration.js'
import { historyOf } from '../../tools/histories.js'
import { prove, type ProveOptions } from '../../prove/database.js'
import { reportOf } from '../../prove/migration-report.js'
import { wayEdit } from './fix-online.js'
import { isRunnable, lineEdit } from './fix.js'
import { wayWriter } from './online-way-files.js'
import type { ChangedMigrations, ProofScope } from './changed-migrations.js'
import type { ReadDatabase } from '../shared/read-database.js'
import { isEnvironment, type ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

/** `problem`: a failure of the environment, which other databases may share. `bug`: a fault of this tool. `refused`: fixtures that failed. */
export type ProvedDatabase = {
  readonly report: DatabaseReport
  readonly effects: UpEffects
  readonly problem: RunProblem | undefined
  readonly bug: string | undefined
  readonly refused: readonly string[]
}

/**
 * `server` undefined: nothing is to be proved. `change` undefined: there is nothing to compare with. `repairs`: `none` where
 * only the outcome counts. `elapsed`: the time
 * that reading took, in milliseconds.
 */
export async function proveDatabase(options: {
  readonly read: ReadDatabase
  readonly change: ChangedMigrations | undefined
  readonly scope: ProofScope
  readonly unit: Unit | undefined
  readonly server: ServerSlot | undefined
  readonly snapshots: 'guided' | 'full'
  readonly world: World
  readonly seedCost: number
  readonly fix: boolean
  readonly repairs?: 'none'
  readonly watch: ProveOptions['watch']
  readonly watchFrom?: number | undefined
  readonly ways?: 'proved' | 'none'
  readonly impact: ImpactSettings
  readonly signal: AbortSignal
  readonly elapsed: number
}): Promise<ProvedDatabase> {
  const { read, server, world } = options
  const config: DatabaseConfig = { ...read.config, unit: options.unit ?? read.config.unit }
  // Waits first, so that the start of the server does not count as time of this database.
  if (server !== undefined) await server.get().catch(() => undefined)
  const started = world.clock.elapsed()
  const words = changesById(options.change)
  const touched = ({ id }: Migration): boolean => words.has(id) && words.get(id) !== 'rewritten'
  const outcome: ProofOutcome =
    server === undefined
      ? { migrations: unprovedReports(read, touched) }
      : await tryToProve({ ...options, config, server, touched })
  const { problem } = outcome
  return {
    report: {
      name: config.name,
      folder: config.folder,
      layout: read.schema.layout.name,
      layoutReason: read.schema.reason,
      unit: config.unit,
      migrations: outcome.migrations.map((migration) =>
        withWayEdit(withLineEdit(withChange(withRunnableRepair(migration, read, world), words), read), read),
      ),
      chain: outcome.chain,
      ignored: read.ignored,
      ...(options.scope === 'nothing' && { untouched: true }),
      ...deletedIds(options.change),
      notProved: problem?.what,
      milliseconds: options.elapsed + world.clock.elapsed() - started,
    },
    effects: outcome.effects ?? new Map(),
    problem,
    bug: outcome.bug,
    refused: outcome.refused ?? [],
  }
}

type ProofOutcome = {
  readonly migrations: readonly MigrationReport[]
  readonly chain?: ChainReport | undefined
  readonly effects?: UpEffects
  readonly problem?: RunProblem | undefined
  readonly bug?: string | undefined
  readonly refused?: readonly string[]
}

async function tryToProve(options: {
  readonly read: ReadDatabase
  readonly config: DatabaseConfig
  readonly server: ServerSlot
  readonly snapshots: 'guided' | 'full'
  readonly world: World
  readonly seedCost: number
  readonly fix: boolean
  readonly repairs?: 'none'
  readonly watch: ProveOptions['watch']
  readonly watchFrom?: number | undefined
  readonly ways?: 'proved' | 'none'
  readonly impact: ImpactSettings
  readonly signal: AbortSignal
  readonly scope: ProofScope
  readonly change: ChangedMigrations | undefined
  readonly touched: (migration: Migration) => boolean
}): Promise<ProofOutcome> {
  const { read, config, world, scope, touched } = options
  try {
    const { migrations, chain, effects, bug, refused } = await prove({
      config,
      migrations: read.schema.migrations,
      seeds: read.seeds?.migrations ?? [],
      setup: read.setup,
      substitutes: read.standIns,
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
      touched,
      scope: typeof scope === 'number' ? scope : undefined,
      watch: options.watch,
      watchFrom: options.watchFrom,
      watchSetup: { fill: options.impact.fill, timezone: options.impact.timezone, fixtures: read.fixtures },
      snapshots: options.snapshots,
      missing: options.repairs === 'none' ? 'none' : missingDowns(options),
      ways: waysFor(options),
      signal: options.signal,
      progress: (done, total) => world.progress.move(config.name, done, total),
    })
    return { migrations, chain, effects, bug, ...(refused && { refused }) }
  } catch (error) {
    if (!isEnvironment(error)) throw error
    return { migrations: unprovedReports(read, touched), problem: onOneLine({ what: error.message, fix: error.fix }) }
  }
}

/** For migrations that are new in the change: what is merged keeps its files. */
function waysFor({ read, change, world, ways }: Parameters<typeof tryToProve>[0]): ProveOptions['ways'] {
  if (change === undefined || ways !== 'proved') return 'none'
  const added = new Set(change.schema.added.map(({ id }) => id))
  return { isWanted: ({ id }) => added.has(id), write: wayWriter(read, change.schema, world.clock.now()) }
}

/** A folder without any downs gets no suggested downs, except with --fix or for changed migrations. */
const missingDowns = ({
  read,
  fix,
  scope,
}: {
  readonly read: ReadDatabase
  readonly fix: boolean
  readonly scope: ProofScope
}): 'derive' | 'leave' => (fix || typeof scope === 'number' || !isUpOnly(read.schema.migrations) ? 'derive' : 'leave')

/** A problem in a report is one line. */
const onOneLine = ({ what, fix }: RunProblem): RunProblem => ({ what: what.replaceAll(/\s*\n\s*/g, ' '), fix })

/** Reports of all migrations without a proof. */
const unprovedReports = (
  { schema, seeds }: ReadDatabase,
  touched: (migration: Migration) => boolean,
): readonly MigrationReport[] =>
  [...schema.migrations, ...(seeds?.migrations ?? [])].map((migration) =>
    reportOf(migration, undefined, { touched: touched(migration) }),
  )

function deletedIds(change: ChangedMigrations | undefined): Pick<DatabaseReport, 'deleted'> {
  const deleted = [...(change?.schema.deleted ?? []), ...(change?.seeds.deleted ?? [])]
  return deleted.length === 0 ? {} : { deleted: deleted.map(({ id }) => id) }
}

/** What the change does to each migration, by its id. */
function changesById(change: ChangedMigrations | undefined): ReadonlyMap<string, MigrationChange> {
  if (change === undefined) return new Map()
  return new Map([
    ...[...change.rewritten].map((id) => [id, 'rewritten'] as const),
    ...[change.schema, change.seeds].flatMap(({ added, edited, renamed }) => [
      ...added.map(({ id }) => [id, 'added'] as const),
      ...edited.map(({ now }) => [now.id, 'edited'] as const),
      ...renamed.map(({ now }) => [now.id, 'renamed'] as const),
    ]),
  ])
}

/** Drops a repair that the tool could not run at its place in the file. */
function withRunnableRepair(migration: MigrationReport, read: ReadDatabase, { environment }: World): MigrationReport {
  if (migration.proof === undefined) return migration
  const { repair, ...proof } = migration.proof
  return repair === undefined || isRunnable(read, migration, environment) ? migration : { ...migration, proof }
}

/** Adds the repair as a line edit, for changed migrations only: the diff shows no others. */
function withLineEdit(migration: MigrationReport, read: ReadDatabase): MigrationReport {
  const { proof, touched } = migration
  const edit = touched === undefined || touched === 'rewritten' ? undefined : lineEdit(read, migration)
  if (proof?.repair === undefined || edit === undefined) return migration
  return { ...migration, proof: { ...proof, repair: { ...proof.repair, edit } } }
}

/** A new file is in the diff with all its lines. */
function withWayEdit(migration: MigrationReport, read: ReadDatabase): MigrationReport {
  const { online, touched } = migration
  const edit = touched === 'added' ? wayEdit(read, migration) : undefined
  return online === undefined || edit === undefined ? migration : { ...migration, online: { ...online, edit } }
}

function withChange(migration: MigrationReport, words: ReadonlyMap<string, MigrationChange>): MigrationReport {
  const touched = words.get(migration.id)
  return touched === undefined ? migration : { ...migration, touched }
}
