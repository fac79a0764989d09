// The proof of one database: every migration up, down and up again, then the whole chain, then the seeds.
import { stopIfCancelled } from '../model/errors.js'
import { UserError } from '../model/errors.js'
import type { DatabaseConfig } from '../model/config.js'
import type { History } from '../state/history.js'
import type { Migration, Script } from '../model/migration.js'
import type { ChainReport, MigrationReport } from '../report/check-report.js'
import { effectsOf, type UpChange, type UpEffects } from '../catalog/up-effect.js'
import { withStandIn, type StandIns } from '../model/migration.js'
import type { Bench, Server } from '../ports/scratch.js'
import { AUDIT_EVERY, audit, Missed } from './audit.js'
import { allRan, type Before, runBefore } from './replay-earlier.js'
import { proveChain } from './chain.js'
import { reachesCluster } from './cluster-wide.js'
import { groupBy } from './step.js'
import { type CallModule, proveSeed } from './seed.js'
import { reportOf } from './migration-report.js'
import { proveGroup } from './step.js'
import { sweep, sweepable, type Step } from './sweep.js'
import { judged, proved, tell } from './migration-reports.js'
import { withoutUp } from './migration-report.js'
import { Workplace } from './scratch-copies.js'

/**
 * `migrations` and `seeds` stand in the tool's order. `setup` is run in every scratch database before the chain;
 * `callModule` runs seeds that are modules. `progress` is told after every migration. `scope`: the first migration (an
 * index) that is proved; those before it are only run, and the chain goes back to them and no further. `touched` are
 * those whose effect and text the report holds. `missing`: whether a down that is not there is derived and tried.
 */
export type ProveOptions = {
  readonly config: DatabaseConfig
  readonly migrations: readonly Migration[]
  readonly seeds: readonly Migration[]
  readonly setup: readonly Script[]
  readonly standIns: StandIns
  readonly history: History
  readonly server: Server
  readonly callModule: CallModule
  readonly snapshots: 'guided' | 'full'
  readonly signal: AbortSignal
  readonly scope: number | undefined
  readonly touched: (migration: Migration) => boolean
  readonly missing: 'derive' | 'leave'
  readonly progress: (done: number, total: number) => void
}

/**
 * `notProved` says in a sentence why nothing could be proved (an environment problem). `bug` tells that our own guided
 * snapshot missed a change: the proof was then made again with full ones, and its words are right. `effects` are what the
 * ups did, of migrations (no seeds) that were proved; for a group proved as one, by the id of its last.
 */
export type ProveResult = {
  readonly migrations: readonly MigrationReport[]
  readonly chain: ChainReport | undefined
  readonly effects: UpEffects
  readonly notProved: { readonly what: string; readonly fix: string } | undefined
  readonly bug: string | undefined
}

/** Rejects with a UserError when the server is gone or the run was cancelled; never for what a migration did. */
export async function prove(options: ProveOptions): Promise<ProveResult> {
  try {
    return await proveWith(options, options.snapshots)
  } catch (error) {
    if (!(error instanceof Missed)) throw error
    return { ...(await proveWith(options, 'full')), bug: error.message }
  }
}

async function proveWith(options: ProveOptions, snapshots: 'guided' | 'full'): Promise<ProveResult> {
  const migrations = options.migrations.map((migration) => withStandIn(migration, options.standIns))
  const all = [
    ...options.setup,
    ...[...migrations, ...options.seeds].flatMap(({ up, down }) => [up ?? [], down ?? []].flat()),
  ]
  const { session } = options.config
  let bench: Bench
  try {
    bench = await options.server.bench({
      clusterWide: reachesCluster(all),
      session,
      setup: options.setup,
      snapshots,
      extensions: options.config.extensions,
    })
  } catch (error) {
    if (error instanceof UserError && error.kind === 'environment') return unproved(options, error)
    throw error
  }
  try {
    const chain = { ...options, migrations }
    const started = await start(chain, bench)
    // In a shared session, and where a chain changes the cluster, a step leaves more behind than a snapshot of the database shows.
    const plain = snapshots === 'guided' && options.config.unit === 'each' && session === 'reset' && bench.copies
    const steps = plain ? sweepable(migrations.slice(started.from)) : []
    const swept = steps.length === 0 ? undefined : await sweepAll(chain, started, steps)
    if (swept !== undefined) return swept
    return await proveAll(chain, steps.length === 0 ? started : await start(chain, bench))
  } finally {
    // Nobody needs to wait for it but the end of the server, which tells nothing of it either.
    bench.close().catch(() => undefined)
  }
}

/**
 * `from` is the first migration that is proved; `stood` are the reports of those before it, which have run as far as they can.
 */
type Started = Before & { readonly place: Workplace; readonly from: number }

async function start({ migrations, scope = 0, config, signal }: ProveOptions, bench: Bench): Promise<Started> {
  const from = firstOfGroup(groupBy(config.unit, migrations), scope)
  const before = migrations.slice(0, from)
  const ups = before.flatMap(({ up }) => up ?? [])
  const behind = from === 0 ? undefined : await Workplace.openBehind(ups, bench, signal)
  if (behind !== undefined) return { place: behind, from, ...allRan(before) }
  const place = await Workplace.open(bench)
  return { place, from, ...(await runBefore(place, groupBy(config.unit, before), signal)) }
}

/** What is proved as one is in the scope as a whole, or not at all. */
function firstOfGroup(groups: readonly (readonly Migration[])[], scope: number): number {
  let first = 0
  for (const { length } of groups) {
    if (first + length > scope) break
    first += length
  }
  return first
}

const unproved = (options: ProveOptions, error: UserError): ProveResult => ({
  migrations: [...options.migrations, ...options.seeds].map((migration) =>
    reportOf(migration, undefined, { touched: false }),
  ),
  chain: undefined,
  effects: new Map(),
  notProved: { what: error.message, fix: error.fix },
  bug: undefined,
})

async function sweepAll(
  options: ProveOptions,
  { place, from, stood }: Started,
  steps: readonly Step[],
): Promise<ProveResult | undefined> {
  const { migrations, seeds, history, signal } = options
  const total = migrations.length + seeds.length
  const swept = await sweep({
    place,
    steps,
    history,
    signal,
    progress: (share) => options.progress(from + Math.floor(share * (migrations.length - from)), total),
  })
  if (swept === undefined) {
    await place.main.drop()
    return undefined
  }
  const { results } = swept
  const reports = migrations.slice(from).map((migration, at) => proved(migration, results[at], options))
  return {
    migrations: [...stood, ...reports, ...(await seedReports(options, place))],
    chain: swept.chain,
    effects: effectsOf(swept.start, recorded(steps.map(({ migration }, at) => [migration, results[at]?.change]))),
    notProved: undefined,
    bug: undefined,
  }
}

/** The changes by id, of the ups that ran. */
const recorded = (
  changes: readonly (readonly [Migration | undefined, UpChange | undefined])[],
): readonly { readonly id: string; readonly change: UpChange }[] =>
  changes.flatMap(([migration, change]) =>
    migration === undefined || change === undefined ? [] : [{ id: migration.id, change }],
  )

/** The seeds on a database in which nothing but the chain has run. */
async function seedReports(options: ProveOptions, place: Workplace): Promise<readonly MigrationReport[]> {
  const { migrations, seeds } = options
  const reports: MigrationReport[] = []
  if (seeds.length > 0) await place.restore()
  for (const seed of seeds) {
    stopIfCancelled(options.signal)
    reports.push(proved(seed, { proof: await proveSeed(place, seed, options.callModule) }, options))
    options.progress(migrations.length + reports.length, migrations.length + seeds.length)
  }
  return reports
}

async function proveAll(options: ProveOptions, { place, from, stood, ...known }: Started): Promise<ProveResult> {
  const { migrations, seeds, config } = options
  const empty = new Map(place.tracker.now)
  const total = migrations.length + seeds.length
  const reports: MigrationReport[] = [...stood]
  const applied: Migration[] = []
  const changes: [Migration | undefined, UpChange | undefined][] = []
  let { unjudged, failed } = known
  let sinceAudit = 0
  for (const group of groupBy(config.unit, migrations.slice(from))) {
    stopIfCancelled(options.signal)
    const runnable = group.filter((migration) => migration.up !== undefined)
    for (const migration of group) {
      if (migration.up !== undefined) continue
      if (migration.code !== undefined) unjudged ??= migration.id
      if (migration.refused !== undefined) failed ??= migration.id
      reports.push(proved(migration, { proof: withoutUp(migration) }, options))
    }
    if (runnable.length > 0) {
      const { proof: said, change } = await proveGroup(place, runnable, options.missing)
      const proof = judged(said, unjudged, failed)
      reports.push(...tell(runnable, { proof, change }, options))
      const last = runnable.at(-1)
      changes.push([last, change])
      if (proof.up === 'ok') applied.push(...runnable)
      else if (proof.failure?.environment !== undefined) unjudged ??= last?.id
      else failed ??= last?.id
    }
    options.progress(reports.length, total)
    if (++sinceAudit >= AUDIT_EVERY) {
      await audit(place)
      sinceAudit = 0
    }
  }
  if (sinceAudit > 0) await audit(place)
  const chain = await proveChain({ place, applied, empty, history: options.history, signal: options.signal })
  reports.push(...(await seedReports(options, place)))
  return {
    migrations: reports,
    chain,
    effects: effectsOf(empty, recorded(changes)),
    notProved: undefined,
    bug: undefined,
  }
}
