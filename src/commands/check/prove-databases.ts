// Databases read one after the other, each proved while the next one is read.
import type { Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import { cancelled } from '../../model/errors.js'
import { createLimit } from '../../model/limit.js'
import type { ComparisonBase } from './base.js'
import type { CheckedDatabase } from './report.js'
import { proveDatabase } from './prove-database.js'
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
      const one = await readForProof(config, options)
      const { read, change } = one
      const job = oneOfFew(async () => ({ ...(await proveDatabase({ ...one, signal })), read, change }))
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

/** Reads the files of one database and the change to them, and decides what to prove. Starts the server when needed. */
async function readForProof(config: DatabaseConfig, { request, server, world, settings, comparing }: ProofInput) {
  const start = world.clock.elapsed()
  const read = await readDatabase(config, world)
  const basis = await comparing
  const change = basis && (await readChangedMigrations({ read, basis, configFile: settings.file, world }))
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
