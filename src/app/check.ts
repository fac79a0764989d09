// The command `check`: files -> findings and proofs -> one report.
import { CHECKS } from '../checks/index.js'
import { readSettings, type Settings } from '../config/settings.js'
import { UserError } from '../core/errors.js'
import { createLimit } from '../core/limit.js'
import type { Report } from '../core/report.js'
import { findBasis, type Basis } from './basis.js'
import { conclude, type Judgeable } from './conclude.js'
import { readDebt, refuseHalfDebt } from './debt.js'
import { proveDatabase } from './prove-database.js'
import { readChange, scopeOf } from './read-change.js'
import { readDatabase, type ReadDatabase } from './read-database.js'
import type { CheckRequest } from './request.js'
import { selectDatabases } from './select.js'
import { createServerSlot, type ServerSlot } from './server-slot.js'
import type { World } from './world.js'

/**
 * Always ends with a report once the databases are known; a server that is missing or gone is told in it. Rejects with a
 * UserError for wrong use and when the signal is aborted.
 */
export async function check(request: CheckRequest, world: World): Promise<Report> {
  const { clock, files } = world
  const [started, start] = [clock.now(), clock.elapsed()]
  const comparing = findBasis(request.against, world.repository)
  comparing.catch(toldLater)
  const settings = await readSettings({ files, file: request.config, rules: CHECKS.map(({ id }) => id) })
  const { paths, databases: names } = request
  const { databases, skipped } = await selectDatabases({ files, settings, paths, names })
  refuseHalfDebt(request)
  const entries = await readDebt(files)
  // Asked while the proof goes on. In the merge queue the change itself is still open.
  const asked = comparing.then((basis) => {
    // git reads while we do.
    for (const { folder } of databases) basis?.base.tree(folder).catch(toldLater)
    if (basis?.report.event !== 'pull request') return undefined
    return world.forge?.openPulls({ branch: basis.report.branch, except: basis.report.pull })
  })
  asked.catch(toldLater)
  const server = request.proof === 'none' ? undefined : createServerSlot(world.startServer)
  const learned = await closing(server, async () => {
    const proved = await proveAll({ databases, request, server, world, settings, comparing })
    // Its end takes a moment in which the rest can be done.
    server?.close().catch(toldLater)
    const [basis, others] = [await comparing, await asked]
    refuseCancelled(world.signal)
    return conclude({ proved, skipped, basis, others, entries, request, settings, world })
  })
  return {
    schema: 1,
    tool: world.tool,
    command: 'check',
    started: new Date(started).toISOString(),
    milliseconds: clock.elapsed() - start,
    ...learned,
    server: server?.report(),
  }
}

/** For what is waited for at another place, and may be over before. */
const toldLater = (): void => undefined

/** Reads one database after the other, and proves those that were read meanwhile. */
async function proveAll(options: {
  readonly databases: readonly ReadDatabase['config'][]
  readonly request: CheckRequest
  readonly server: ServerSlot | undefined
  readonly world: World
  readonly settings: Settings
  readonly comparing: Promise<Basis | undefined>
}): Promise<readonly Judgeable[]> {
  const { databases, request, server, world, settings, comparing } = options
  const wanted = request.scope ?? settings.scope
  // While the server works on one, we read what it said of another.
  const oneOfFew = createLimit(2 * Math.max(1, world.cores))
  const stop = new AbortController()
  const signal = AbortSignal.any([world.signal, stop.signal])
  const jobs: Promise<Judgeable>[] = []
  try {
    for (const config of databases) {
      refuseCancelled(world.signal)
      // What went wrong is what its own job rejects with.
      if (stop.signal.aborted) break
      const start = world.clock.elapsed()
      const read = await readDatabase(config, world)
      const basis = await comparing
      const change = basis && (await readChange({ read, basis, configFile: settings.file, world }))
      const scope = change === undefined || wanted === 'all' ? 'all' : scopeOf(read.schema.migrations, change)
      const needed = hasScripts(read) && scope !== 'nothing' ? server : undefined
      void needed?.get()
      const options = {
        ...{ read, change, scope, world, signal, unit: request.unit, seedCost: settings.seedCost, server: needed },
        snapshots: request.proof === 'full' ? 'full' : 'guided',
        elapsed: world.clock.elapsed() - start,
      } as const
      const job = oneOfFew(async () => ({ ...(await proveDatabase(options)), read, change }))
      // One that fails ends the others: what they would find out, nobody would be told.
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

const hasScripts = ({ schema, seeds }: ReadDatabase): boolean =>
  [...schema.migrations, ...(seeds?.migrations ?? [])].some(({ up, code }) => up !== undefined || code !== undefined)

async function closing<T>(server: ServerSlot | undefined, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } finally {
    await server?.close()
  }
}

function refuseCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return
  const fix = 'Nothing was left behind. Run it again for a verdict.'
  throw new UserError({ kind: 'cancelled', what: 'the run was cancelled before its end', fix })
}
