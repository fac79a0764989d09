// Databases read one after the other, each proved while the next one is read.
import type { Settings } from '../../config/settings.js'
import { impactOf, type DatabaseConfig } from '../../model/config.js'
import type { DatabaseReport } from '../../report/check-report.js'
import { cancelled } from '../../model/errors.js'
import { createLimit } from '../../model/limit.js'
import type { ComparisonBase } from './base.js'
import type { ProvedBase } from './findings-at-base.js'
import type { CheckedDatabase } from './report.js'
import { unmergedIn, type Unmerged } from './unmerged.js'
import { needsBase, provableBase, withOlder } from './prove-base.js'
import { proveDatabase } from './prove-database.js'
import { readBaseSettings } from './base-database.js'
import { readChangedMigrations, proofScope, type ProofScope } from './changed-migrations.js'
import type { ProveOptions } from '../../prove/database.js'
import type { Ignored } from '../../report/check-report.js'
import { ForeignFolderError, skippedAs } from '../shared/foreign-folder.js'
import { readDatabase, type ReadDatabase } from '../shared/read-database.js'
import type { CheckRequest } from '../../requests/request.js'
import type { ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

type ProofInput = {
  readonly request: CheckRequest
  readonly server: ServerSlot | undefined
  readonly world: World
  readonly settings: Settings
  readonly comparing: Promise<ComparisonBase | undefined>
  /** Of a check that compares with nothing: what is merged. */
  readonly merged: Promise<ComparisonBase | undefined>
}

/**
 * In the order of `databases`. `server` undefined: nothing is to be proved. `foreign` are folders of others that were found,
 * not named, and that the change does not touch. Rejects with a UserError for files that cannot be read and when the signal is aborted, after it has stopped the
 * running proofs.
 */
export async function proveDatabases(
  options: ProofInput & { readonly databases: readonly DatabaseConfig[] },
): Promise<{ readonly proved: readonly CheckedDatabase[]; readonly foreign: readonly Ignored[] }> {
  const { world } = options
  const foreign: { readonly folder: string; readonly error: ForeignFolderError }[] = []
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
      const one = await readForProof(config, { ...options, baseSettings }).catch(async (error: unknown) => {
        if (!(error instanceof ForeignFolderError) || isNamed(config, options)) throw error
        if (await isTouched(config, options)) throw error
        foreign.push({ folder: config.folder, error })
      })
      if (one === undefined) continue
      const job = oneOfFew(() => proveBothSides({ ...one, signal }))
      // A failed job stops the others: their results would not be shown.
      job.catch(() => stop.abort())
      jobs.push(job)
    }
    const [first] = foreign
    if (jobs.length === 0 && first !== undefined) throw first.error
    return { proved: await Promise.all(jobs), foreign: foreign.map(({ folder, error }) => skippedAs(folder, error)) }
  } catch (error) {
    stop.abort()
    await Promise.allSettled(jobs)
    throw error
  }
}

/** Whether the user asked for this database, and did not leave it to the search. */
const isNamed = ({ name, folder }: DatabaseConfig, { request, settings }: ProofInput): boolean =>
  settings.databases.some((one) => one.name === name) ||
  request.databases.includes(name) ||
  request.paths.includes(folder)

/** Whether the change touches any file of the folder; every file counts where there is nothing to compare with. */
async function isTouched({ folder }: DatabaseConfig, { comparing, world }: ProofInput): Promise<boolean> {
  const basis = await comparing
  if (basis === undefined) return true
  const [now = [], before = []] = await Promise.all([world.files.tree(folder), basis.base.tree(folder)])
  if (now.join('\n') !== before.join('\n')) return true
  for (const name of now) {
    const [file, old] = await Promise.all([world.files.read(name, folder), basis.base.read(name, folder)])
    if (file.text !== old.text) return true
  }
  return false
}

type ProofOf = Parameters<typeof proveDatabase>[0] & { readonly unmerged: Unmerged | undefined }

/** The proof of one database, and of its base where a step fails that the change does not touch. */
async function proveBothSides(options: ProofOf): Promise<CheckedDatabase> {
  const { read, change, unmerged } = options
  const proved = await proveDatabase(options)
  if (change === undefined) return { ...proved, read, change, unmerged, base: undefined, notSeen: [] }
  const needed = proved.problem === undefined && options.server !== undefined && needsBase(proved.report, change)
  const base = needed ? await proveBase(options, proved.report) : undefined
  const why = typeof base === 'string' ? base : undefined
  const known = typeof base === 'string' ? undefined : base
  return {
    ...proved,
    report: withOlder(proved.report, change, known?.report),
    read,
    change,
    unmerged,
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
    watch: 'none',
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
    merged,
    baseSettings: readSettingsOfBase,
  }: ProofInput & { readonly baseSettings: () => Promise<Settings | undefined> },
) {
  const start = world.clock.elapsed()
  const impact = impactOf(settings, config)
  const read = await readDatabase(config, world, request.impact === 'none' ? undefined : impact.fixtures)
  const basis = await comparing
  const change =
    basis && (await readChangedMigrations({ read, basis, settings, baseSettings: await readSettingsOfBase(), world }))
  const unmerged = await unmergedIn(read, { basis: await merged, settings, world, file: request.config })
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
    unmerged,
    ...watchOf(request, scope, unmerged),
    ways: request.impact === 'measured' ? 'proved' : 'none',
    impact,
    seedCost: settings.seedCost,
    server: needed,
    snapshots: request.proof === 'full' ? 'full' : 'guided',
    elapsed: world.clock.elapsed() - start,
  } as const
}

const hasScripts = ({ schema, seeds }: ReadDatabase): boolean =>
  [...schema.migrations, ...(seeds?.migrations ?? [])].some(({ up, code }) => up !== undefined || code !== undefined)

/** Of a whole check, only what is not merged is watched, unless everything is asked for: the rest has run long ago. */
function watchOf(
  { impact, scope: asked }: CheckRequest,
  scope: ProofScope,
  unmerged: Unmerged | undefined,
): Pick<ProveOptions, 'watch' | 'watchFrom'> {
  if (impact === 'none' || scope === 'nothing') return { watch: 'none' }
  if (scope !== 'all') return { watch: 'together' }
  if (asked === 'all') return { watch: 'one by one' }
  return unmerged === undefined || unmerged.ids.size === 0
    ? { watch: 'none' }
    : { watch: 'together', watchFrom: unmerged.from }
}

/** Throws a UserError (`cancelled`) once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled({ fix: 'Nothing was left behind. Run it again for a verdict.' })
}
