// The proof of one database: every migration up, down and up again, then the whole chain, then the seeds.
import { stopIfCancelled } from '../model/errors.js'
import type { DatabaseConfig } from '../model/config.js'
import type { History } from '../state/history.js'
import { type Migration, type Script, versionedOf, withSubstitute, type SqlSubstitutes } from '../model/migration.js'
import type { ChainReport, MigrationReport, OnlineWay } from '../report/check-report.js'
import { effectsOf, type UpChange, type UpEffects } from '../catalog/up-effect.js'
import type { Scratch, ScratchEnvironment, ScratchServer } from '../ports/scratch.js'
import { AUDIT_EVERY, audit, MissedChange } from './audit.js'
import { allApplied, type EarlierRuns, runEarlier } from './replay-earlier.js'
import { proveChain } from './chain.js'
import { inEnvironment } from './in-environment.js'
import { groupBy, proveGroup } from './step.js'
import { type CallModule, proveSeed } from './seed.js'
import { judgeChain, judgeProof, noteStep } from './judge-proof.js'
import { provedReport, reportGroup, withoutUp } from './migration-report.js'
import { ObjectLedger } from './object-ledger.js'
import { proveRepeatable } from './repeatable.js'
import { sweep, sweepable, type SweepStep } from './sweep.js'
import { findOnlineWays, type OnlineWaysOptions } from './online-ways.js'
import { watchScope, type WatchSetup } from './watch-scope.js'
import { WorkingCopy } from './scratch-copies.js'

/**
 * `migrations` and `seeds` are in the tool's order. `setup` runs in every scratch database before the chain; `callModule`
 * runs seeds that are modules. `progress` is called after every migration. `scope`: the index of the first migration that
 * is proved; earlier ones are only run, and the chain rolls back no further than to them. `touched` are those whose
 * effect and text the report holds. `missing`: whether a missing down is derived and tried; with `none`, no down is repaired. Migrations that the tool runs
 * again when they change are not part of the chain: they are proved after it.
 */
export type ProveOptions = {
  readonly config: DatabaseConfig
  readonly migrations: readonly Migration[]
  readonly seeds: readonly Migration[]
  readonly setup: readonly Script[]
  readonly substitutes: SqlSubstitutes
  readonly history: History
  readonly server: ScratchServer
  readonly callModule: CallModule
  readonly snapshots: 'guided' | 'full'
  readonly signal: AbortSignal
  readonly scope: number | undefined
  readonly touched: (migration: Migration) => boolean
  /** Whether the migrations of the scope are watched; with `together` they are deployed in one go. */
  readonly watch: 'together' | 'one by one' | 'none'
  /** The index of the first one that is watched, where that is not the first of the scope. */
  readonly watchFrom?: number | undefined
  readonly watchSetup?: WatchSetup
  readonly missing: 'derive' | 'leave' | 'none'
  /** The migrations that get an online way if they make clients wait; `none` where no way is looked for. */
  readonly ways: Pick<OnlineWaysOptions, 'isWanted' | 'write'> | 'none'
  readonly progress: (done: number, total: number) => void
}

/**
 * `bug` means that the guided
 * snapshot missed a change: then the proof ran again with full snapshots, and its result is right. `effects` are the
 * effects of the ups of proved migrations (no seeds); for a group proved as one, by the id of its last.
 */
export type ProveResult = {
  readonly migrations: readonly MigrationReport[]
  readonly chain: ChainReport | undefined
  readonly effects: UpEffects
  readonly bug: string | undefined
  /** Fixtures that failed, in sentences. */
  readonly refused?: readonly string[]
}

/**
 * Rejects with a UserError when no proof is possible (kind `environment`: the server lacks something, is gone, or a script
 * fails when it runs again from the same state), or the run was cancelled.
 */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  try {
    return await proveWith(options, options.snapshots)
  } catch (error) {
    if (!(error instanceof MissedChange)) throw error
    return { ...(await proveWith(options, 'full')), bug: error.message }
  }
}

async function proveWith(options: ProveOptions, snapshots: 'guided' | 'full'): Promise<ProveResult> {
  const migrations = options.migrations.map((migration) => withSubstitute(migration, options.substitutes))
  const all = [
    ...options.setup,
    ...[...migrations, ...options.seeds].flatMap(({ up, down }) => [up ?? [], down ?? []].flat()),
  ]
  const { session, extensions } = options.config
  const environment = { session, setup: options.setup, snapshots, extensions }
  return inEnvironment(options.server, all, environment, {
    run: (opened) => proveIn(opened, options, { migrations, snapshots }),
    failed: (result) => result.migrations.flatMap(({ proof, files }) => (proof?.up === 'failed' ? files : [])),
  })
}

async function proveIn(
  environment: ScratchEnvironment,
  options: ProveOptions,
  { migrations, snapshots }: { readonly migrations: readonly Migration[]; readonly snapshots: 'guided' | 'full' },
): Promise<ProveResult> {
  const chain = chainOf(options, migrations)
  const started = await start(chain, environment)
  // In a shared session, and where a chain changes the cluster, a step leaves more than a snapshot of the database
  // shows.
  const plain =
    snapshots === 'guided' && options.config.unit === 'each' && options.config.session === 'reset' && environment.copies
  const steps = plain ? sweepable(chain.migrations.slice(started.from)) : []
  const swept = steps.length === 0 ? undefined : await sweepAll(chain, started, steps)
  if (swept !== undefined) return withImpact(swept, chain, started)
  const again = steps.length === 0 ? started : await start(chain, environment)
  return withImpact(await proveAll(chain, again), chain, again)
}

/** With what the migrations of the scope do to a database in use. */
async function withImpact(result: ProveResult, chain: Chain, { place, from, base }: ProofStart): Promise<ProveResult> {
  const { watch: deploy, watchSetup, signal } = chain
  const refused: string[] = []
  if (deploy === 'none' || chain.config.session === 'shared') return result
  const { environment } = place
  const first = Math.max(from, chain.watchFrom ?? from)
  const migrations = chain.migrations.slice(first)
  const before = chain.migrations.slice(0, first).flatMap(({ up }) => up ?? [])
  const watched = base ?? (await WorkingCopy.again(before, environment, signal))
  if (watched === undefined) return result
  // The watch drops its database, and the ways start from the same state.
  const mayHaveWays = chain.ways !== 'none' && environment.copies && migrations.some(chain.ways.isWanted)
  const kept = mayHaveWays ? await environment.copy(watched) : undefined
  try {
    const impacts = await watchScope({
      environment,
      base: watched,
      migrations,
      reports: result.migrations,
      deploy,
      ...(watchSetup && { settings: watchSetup }),
      refused: (why) => refused.push(why),
      signal,
    })
    const ways = await waysIn(chain, { environment, base: kept, migrations, impacts })
    const withImpacts = result.migrations.map((migration) => {
      const impact = migration.kind === 'schema' ? impacts.get(migration.id) : undefined
      const online = ways.get(migration.id)
      return impact === undefined ? migration : { ...migration, impact, ...(online && { online }) }
    })
    return { ...result, migrations: withImpacts, refused }
  } finally {
    await kept?.drop()
  }
}

async function waysIn(
  { ways, signal }: Chain,
  known: Pick<OnlineWaysOptions, 'environment' | 'migrations' | 'impacts'> & { readonly base: Scratch | undefined },
): Promise<ReadonlyMap<string, OnlineWay>> {
  const { base } = known
  return ways === 'none' || base === undefined ? new Map() : findOnlineWays({ ...known, ...ways, base, signal })
}

/** `migrations` are those that have a version, and `scope` is an index into them. */
type Chain = ProveOptions & { readonly repeatables: readonly Migration[] }

function chainOf(options: ProveOptions, all: readonly Migration[]): Chain {
  const { scope } = options
  return {
    ...options,
    migrations: versionedOf(all),
    repeatables: all.filter(({ repeat }) => repeat !== undefined),
    scope: scope === undefined ? undefined : versionedOf(all.slice(0, scope)).length,
    watchFrom: options.watchFrom === undefined ? undefined : versionedOf(all.slice(0, options.watchFrom)).length,
  }
}

/** `from` is the first migration that is proved; `reports` are those of the earlier ones, which have run as far as possible. */
type ProofStart = EarlierRuns & {
  readonly place: WorkingCopy
  readonly from: number
  /** A copy of the state before the first of them, for the watch; undefined where nothing is watched, or a copy is incomplete. */
  readonly base: Scratch | undefined
}

async function start(chain: Chain, environment: ScratchEnvironment): Promise<ProofStart> {
  const { migrations, repeatables, seeds, scope = 0, config, signal } = chain
  const ledger = new ObjectLedger([...migrations, ...repeatables, ...seeds])
  const from = firstOfGroup(groupBy(config.unit, migrations), scope)
  const before = migrations.slice(0, from)
  const ups = before.flatMap(({ up }) => up ?? [])
  const behind = from === 0 ? undefined : await WorkingCopy.openAfter(ups, environment, signal)
  if (behind !== undefined)
    return { place: behind, from, base: await baseOf(behind, chain), ...allApplied(before, ledger) }
  const place = await WorkingCopy.open(environment)
  const earlier = await runEarlier(place, groupBy(config.unit, before), { ledger, signal })
  return { place, from, base: await baseOf(place, chain), ...earlier }
}

const baseOf = async ({ environment, main }: WorkingCopy, { watch, watchFrom }: Chain): Promise<Scratch | undefined> =>
  watch === 'none' || watchFrom !== undefined || !environment.copies ? undefined : environment.copy(main)

/** A group proved as one is in the scope as a whole, or not at all. */
function firstOfGroup(groups: readonly (readonly Migration[])[], scope: number): number {
  let first = 0
  for (const { length } of groups) {
    if (first + length > scope) break
    first += length
  }
  return first
}

async function sweepAll(
  options: Chain,
  { place, from, base, reports: earlier, ledger }: ProofStart,
  steps: readonly SweepStep[],
): Promise<ProveResult | undefined> {
  const { migrations, history, signal } = options
  const total = totalOf(options)
  const swept = await sweep({
    place,
    steps,
    history,
    signal,
    progress: (share) => options.progress(from + Math.floor(share * (migrations.length - from)), total),
  })
  if (swept === undefined) {
    await place.main.drop()
    await base?.drop()
    return undefined
  }
  const { results } = swept
  for (const { migration } of steps) noteStep(migration, ledger)
  const reports = migrations.slice(from).map((migration, at) => provedReport(migration, results[at], options))
  return {
    migrations: [...earlier, ...reports, ...(await behindChain(options, place, ledger))],
    chain: swept.chain,
    effects: effectsOf(swept.start, recorded(steps.map(({ migration }, at) => [migration, results[at]?.change]))),
    bug: undefined,
  }
}

/** The changes of the ups that ran, by id. */
const recorded = (
  changes: readonly (readonly [Migration | undefined, UpChange | undefined])[],
): readonly { readonly id: string; readonly change: UpChange }[] =>
  changes.flatMap(([migration, change]) =>
    migration === undefined || change === undefined ? [] : [{ id: migration.id, change }],
  )

const totalOf = ({ migrations, repeatables, seeds }: Chain): number =>
  migrations.length + repeatables.length + seeds.length

/** The migrations without a version, then the seeds, on a database in which only the chain has run. */
async function behindChain(
  options: Chain,
  place: WorkingCopy,
  ledger: ObjectLedger,
): Promise<readonly MigrationReport[]> {
  const { migrations, repeatables, seeds } = options
  const reports: MigrationReport[] = []
  if (repeatables.length + seeds.length > 0) await place.restore()
  for (const migration of repeatables) {
    stopIfCancelled(options.signal)
    const { proof, change } = await proveRepeatable(place, migration)
    reports.push(provedReport(migration, { proof: judgeProof(proof, [migration], ledger), change }, options))
    options.progress(migrations.length + reports.length, totalOf(options))
  }
  for (const seed of seeds) {
    stopIfCancelled(options.signal)
    const proof = await proveSeed(place, seed, options.callModule)
    reports.push(provedReport(seed, { proof: judgeProof(proof, [seed], ledger) }, options))
    options.progress(migrations.length + reports.length, totalOf(options))
  }
  return reports
}

async function proveAll(options: Chain, { place, from, reports: earlier, ledger }: ProofStart): Promise<ProveResult> {
  const { migrations, config } = options
  const empty = new Map(place.tracker.now)
  const total = totalOf(options)
  const reports: MigrationReport[] = [...earlier]
  const applied: Migration[] = []
  const changes: [Migration | undefined, UpChange | undefined][] = []
  let sinceAudit = 0
  for (const group of groupBy(config.unit, migrations.slice(from))) {
    stopIfCancelled(options.signal)
    const runnable = group.filter((migration) => migration.up !== undefined)
    for (const migration of group) {
      if (migration.up !== undefined) continue
      noteStep(migration, ledger)
      reports.push(provedReport(migration, { proof: withoutUp(migration) }, options))
    }
    if (runnable.length > 0) {
      const { proof: found, change } = await proveGroup(place, runnable, options.missing)
      const proof = judgeProof(found, runnable, ledger)
      reports.push(...reportGroup(runnable, { proof, change }, options))
      changes.push([runnable.at(-1), change])
      if (proof.up === 'ok') applied.push(...runnable)
    }
    options.progress(reports.length, total)
    if (++sinceAudit >= AUDIT_EVERY) {
      await audit(place)
      sinceAudit = 0
    }
  }
  if (sinceAudit > 0) await audit(place)
  const chain = await proveChain({ place, applied, empty, history: options.history, signal: options.signal })
  const judgedChain = judgeChain(chain, reports)
  reports.push(...(await behindChain(options, place, ledger)))
  return {
    migrations: reports,
    chain: judgedChain,
    effects: effectsOf(empty, recorded(changes)),
    bug: undefined,
  }
}
