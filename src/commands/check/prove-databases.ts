// Databases read one after the other, each proved while the next one is read.
import type { Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import type { DatabaseReport } from '../../report/check-report.js'
import { cancelled } from '../../model/errors.js'
import { createLimit } from '../../model/limit.js'
import type { ComparisonBase } from './base.js'
import type { ProvedBase } from './findings-at-base.js'
import type { CheckedDatabase } from './report.js'
import { needsBase, provableBase, withOlder } from './prove-base.js'
import { proveDatabase } from './prove-database.js'
import { readBaseSettings } from './base-database.js'
import { readChangedMigrations, proofScope } from './changed-migrations.js'
import { readDatabase, type ReadDatabase } from '../shared/read-database.js'
import type { CheckRequest } from '../shared/request.js'
import type { ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

type ProofInput = {
  readonly request: CheckRequest
  readonly server: ServerSlot | undefined
  readonly world: World
  readonly settings: Settings
  readonly comparing: Promise<ComparisonBase | undefined>
}

/**
 * In the order of `databases`. `server` undefined: nothing is to be proved. Rejects with a UserError for files that cannot
 * be read and when the signal is aborted, after it has stopped the running proofs.
 */
export async function proveDatabases(
  options: ProofInput & { readonly databases: readonly DatabaseConfig[] },
): Promise<readonly CheckedDatabase[]> {
  const { world } = options
  const baseSettings = once(async () => {
    const basis = await options.comparing
    const { settings, request } = options
    return basis && readBaseSettings({ base: basis.base, files: world.files, now: settings, file: request.config })
  })
  // More jobs than cores: while the server works for one, this process reads the results of another.
  const oneOfFew = createLimit(2 * Math.max(1, world.cores))
  const stop = new AbortController()
  const signal = AbortSignal.any([world.signal, stop.signal])
  const jobs: Promise<CheckedDatabase>[] = []
  try {
    for (const config of options.databases) {
      throwIfCancelled(world.signal)
      // A job has failed; Promise.all below rejects with its error.
      if (stop.signal.aborted) break
      const one = await readForProof(config, { ...options, baseSettings })
      const job = oneOfFew(() => proveBothSides({ ...one, signal }))
      // A failed job stops the others: their results would not be shown.
      job.catch(() => stop.abort())
      jobs.push(job)
    }
    return await Promise.all(jobs)
  } catch (error) {
    stop.abort()
    await Promise.allSettled(jobs)
    throw error
  }
}

/** The proof of one database, and of its base where a step fails that the change does not touch. */
async function proveBothSides(options: Parameters<typeof proveDatabase>[0]): Promise<CheckedDatabase> {
  const { read, change } = options
  const proved = await proveDatabase(options)
  if (change === undefined) return { ...proved, read, change, base: undefined, notSeen: [] }
  const needed = proved.problem === undefined && options.server !== undefined && needsBase(proved.report, change)
  const base = needed ? await proveBase(options, proved.report) : undefined
  const why = typeof base === 'string' ? base : undefined
  const known = typeof base === 'string' ? undefined : base
  return {
    ...proved,
    report: withOlder(proved.report, change, known?.report),
    read,
    change,
    base: known,
    notSeen:
      why === undefined
        ? []
        : [`${read.config.name}: what failed before the change is not known, so every failure counts: ${why}`],
  }
}

/** In words why the base cannot be read or proved. Undefined where it has nothing to prove. */
async function proveBase(
  options: Parameters<typeof proveDatabase>[0],
  { migrations }: DatabaseReport,
): Promise<ProvedBase | string | undefined> {
  const found = await options.change?.base.read()
  if (found === undefined) return 'the files of the base cannot be read as migrations'
  const read = provableBase(found, options.read)
  // What is proved as one is proved as a whole on both sides.
  const applied = migrations.filter(({ scope }) => scope === 'applied').length
  const scope = options.scope === 'all' ? 'all' : applied
  if (scope === read.schema.migrations.length && read.seeds === undefined) return undefined
  const { report, effects, problem } = await proveDatabase({
    ...options,
    read,
    scope,
    change: undefined,
    fix: false,
    repairs: 'none',
  })
  return problem === undefined ? { read, report, effects } : `the base could not be proved: ${problem.what}`
}

/** Calls a function no more than once. */
function once<T>(body: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= body())
}

/** Reads the files of one database and the change to them, and decides what to prove. Starts the server when needed. */
async function readForProof(
  config: DatabaseConfig,
  {
    request,
    server,
    world,
    settings,
    comparing,
    baseSettings: readSettingsOfBase,
  }: ProofInput & { readonly baseSettings: () => Promise<Settings | undefined> },
) {
  const start = world.clock.elapsed()
  const read = await readDatabase(config, world)
  const basis = await comparing
  const change =
    basis && (await readChangedMigrations({ read, basis, settings, baseSettings: await readSettingsOfBase(), world }))
  const wanted = request.scope ?? settings.scope
  const scope = change === undefined || wanted === 'all' ? 'all' : proofScope(read.schema, change)
  const needed = hasScripts(read) && scope !== 'nothing' ? server : undefined
  void needed?.get()
  return {
    read,
    change,
    scope,
    world,
    unit: request.unit,
    fix: request.fix,
    seedCost: settings.seedCost,
    server: needed,
    snapshots: request.proof === 'full' ? 'full' : 'guided',
    elapsed: world.clock.elapsed() - start,
  } as const
}

const hasScripts = ({ schema, seeds }: ReadDatabase): boolean =>
  [...schema.migrations, ...(seeds?.migrations ?? [])].some(({ up, code }) => up !== undefined || code !== undefined)

/** Throws a UserError (`cancelled`) once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled({ fix: 'Nothing was left behind. Run it again for a verdict.' })
}
