// Watches the migrations of the scope, after their proof, in a database as it was before the first of them.
import { isOfRows } from '../impact/failing-rows.js'
import { notWatched } from '../impact/not-watched.js'
import type { Impact, MigrationImpact } from '../impact/facts.js'
import { stopIfCancelled, UserError } from '../model/errors.js'
import type { Migration, Script } from '../model/migration.js'
import type { MigrationReport, Proof } from '../report/check-report.js'
import type { ScratchEnvironment, Scratch } from '../ports/scratch.js'
import type { Watch, WatchSettings } from '../ports/watch.js'
import { runFixtures } from './fixtures.js'

/**
 * `base`: the state before the first migration; it is dropped at the end. `deploy`: `together` where they are deployed in one
 * go, so that what the first one makes is new for all of them. `reports`: those of the proof. `refused` is called for each fixture
 * that fails.
 */
export type WatchOptions = {
  readonly environment: ScratchEnvironment
  readonly base: Scratch
  readonly migrations: readonly Migration[]
  readonly reports: readonly MigrationReport[]
  readonly deploy: 'together' | 'one by one'
  readonly settings?: WatchSetup
  readonly refused?: (why: string) => void
  readonly signal: AbortSignal
}

/** `fixtures` run before the first migration. */
export type WatchSetup = Omit<WatchSettings, 'fixtures'> & { readonly fixtures: readonly Script[] }

/**
 * The facts by migration id. Nothing that happens here changes the results of the proof: what cannot be watched is not judged.
 * Rejects only where the run was cancelled.
 */
export async function watchScope(options: WatchOptions): Promise<ReadonlyMap<string, MigrationImpact>> {
  const impacts = new Map<string, MigrationImpact>()
  const why = await watching(options, (watch) => watchAll(watch, options, impacts))
  for (const { id, up } of options.migrations)
    if (up !== undefined && why !== undefined && !impacts.has(id)) impacts.set(id, { up: notWatched(why) })
  return impacts
}

/** The facts of steps in a row, in their order; of fewer steps where one of them stops the watch. */
export async function watchSteps(
  options: Pick<WatchOptions, 'environment' | 'base' | 'signal' | 'deploy'> & { readonly scripts: readonly Script[] },
): Promise<readonly Impact[]> {
  const impacts: Impact[] = []
  await watching(options, async (watch) => {
    for (const script of options.scripts) {
      stopIfCancelled(options.signal)
      if (options.deploy === 'one by one') await watch.remember()
      const { impact, applied } = await watch.step({
        up: script,
        down: undefined,
        upFails: false,
        downFails: false,
        last: false,
      })
      if (impact.up !== undefined) impacts.push(impact.up)
      if (!applied) break
    }
  })
  return impacts
}

/** Why the watch ended early, in a sentence; undefined where it did not. */
async function watching(
  { environment, base, settings, refused, signal }: Omit<WatchOptions, 'migrations' | 'reports' | 'deploy'>,
  body: (watch: Watch) => Promise<void>,
): Promise<string | undefined> {
  let why: string | undefined
  try {
    const watch = await environment.watch(base, settings && (await withFixtures(base, settings, refused)))
    try {
      await body(watch)
    } finally {
      await watch.close()
      await base.drop()
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'environment') throw error
    why = error.message
  }
  stopIfCancelled(signal)
  return why
}

async function withFixtures(
  base: Scratch,
  settings: WatchSetup,
  refused: WatchOptions['refused'],
): Promise<WatchSettings> {
  const rows = await runFixtures(base, settings.fixtures)
  for (const why of rows.refused) refused?.(why)
  return { ...settings, fixtures: rows.tables }
}

async function watchAll(
  watch: Watch,
  { migrations, reports, deploy, signal }: WatchOptions,
  impacts: Map<string, MigrationImpact>,
): Promise<void> {
  const proofs = new Map(reports.map(({ id, proof }) => [id, proof]))
  let stopped: string | undefined
  if (deploy === 'together') await watch.carry(inTurn(migrations, proofs))
  for (const migration of migrations) {
    const { id, up, down } = migration
    stopIfCancelled(signal)
    if (up === undefined) continue
    if (stopped !== undefined) {
      impacts.set(id, { up: notWatched(stopped) })
      continue
    }
    if (deploy === 'one by one') await watch.remember()
    const proof = proofs.get(id)
    const upFails = proof?.up === 'failed'
    const { impact, applied } = await watch.step({
      up,
      down: mayReturn(proof) || failsOnRows(proof) ? down : undefined,
      upFails,
      downFails: failsOnRows(proof),
      last: migration === migrations.at(-1),
    })
    impacts.set(id, impact)
    if (!applied && !upFails) stopped = `the state behind ${id} is not known`
  }
}

/** All ups, and the downs that restore what was before, from the last to the first. */
function inTurn(migrations: readonly Migration[], proofs: ReadonlyMap<string, Proof | undefined>): readonly Script[] {
  const runs = migrations.filter(({ up }) => up !== undefined)
  const wrong = runs.findLastIndex(({ id, down }) => down === undefined || !mayReturn(proofs.get(id)))
  const back = runs.slice(wrong + 1).toReversed()
  return [...runs.flatMap(({ up }) => up ?? []), ...back.flatMap(({ down }) => down ?? [])]
}

/** Behind a wrong down the up may not run again, and the next migration would not find its state. */
const mayReturn = (proof: Proof | undefined): boolean =>
  proof === undefined || (proof.down !== 'failed' && proof.again !== 'failed' && proof.again !== 'differs')

/** The down met rows that the migrations themselves put there: the server rolled it back. */
const failsOnRows = (proof: Proof | undefined): boolean =>
  proof?.down === 'failed' && proof.failure !== undefined && isOfRows(proof.failure)
