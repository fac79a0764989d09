// The command `check`: files -> findings and proofs -> one report.
import { CHECKS } from '../checks/index.js'
import { readSettings } from '../config/settings.js'
import { UserError } from '../core/errors.js'
import { compareFindings } from '../core/finding.js'
import type { Ignored, Report } from '../core/report.js'
import { judge } from './judge.js'
import { createLimit } from './limit.js'
import { proveDatabase, type ProvedDatabase } from './prove-database.js'
import { readDatabase, type ReadDatabase } from './read-database.js'
import type { CheckRequest } from './request.js'
import { selectDatabases } from './select.js'
import { createServerSlot, type ServerSlot } from './server-slot.js'
import { countAll, decide } from './verdict.js'
import type { World } from './world.js'

/**
 * Always ends with a report once the databases are known; a server that is missing or gone is told in it. Rejects with a
 * UserError for wrong use and when the signal is aborted.
 */
export async function check(request: CheckRequest, world: World): Promise<Report> {
  const { clock, files } = world
  const [started, start] = [clock.now(), clock.elapsed()]
  const settings = await readSettings({ files, file: request.config, rules: CHECKS.map(({ id }) => id) })
  const { paths, databases: names } = request
  const { databases, skipped } = await selectDatabases({ files, settings, paths, names })
  const server = request.proof === 'none' ? undefined : createServerSlot(world.startServer)
  const proved = await closing(server, () =>
    proveAll({ databases, request, server, world, seedCost: settings.seedCost }),
  )
  refuseCancelled(world.signal)

  const reports = withSkipped(
    proved.map(({ report }) => report),
    skipped,
  )
  const findings = proved.flatMap(({ read, report }) => judge({ read, report, config: settings })).sort(compareFindings)
  const bugs = proved.flatMap(({ bug }) => (bug === undefined ? [] : [{ what: bug, fix: REPORT_BUG }]))
  return {
    schema: 1,
    tool: world.tool,
    command: 'check',
    started: new Date(started).toISOString(),
    milliseconds: clock.elapsed() - start,
    ...decide({ failOn: request.failOn, findings, databases: reports }),
    server: server?.report(),
    counts: countAll(reports, findings),
    databases: reports,
    findings,
    problems: unique([...proved.flatMap(({ problem }) => problem ?? []), ...bugs]),
  }
}

const REPORT_BUG =
  'The result is right: it was found by whole snapshots. Please report this as a bug of pg-migration-gate.'

type Proved = ProvedDatabase & { readonly read: ReadDatabase }

/** Reads one database after the other, and proves those that were read meanwhile. */
async function proveAll(options: {
  readonly databases: readonly ReadDatabase['config'][]
  readonly request: CheckRequest
  readonly server: ServerSlot | undefined
  readonly world: World
  readonly seedCost: number
}): Promise<readonly Proved[]> {
  const { databases, request, server, world, seedCost } = options
  // While the server works on one, we read what it said of another.
  const oneOfFew = createLimit(2 * Math.max(1, world.cores))
  const stop = new AbortController()
  const signal = AbortSignal.any([world.signal, stop.signal])
  const jobs: Promise<Proved>[] = []
  try {
    for (const config of databases) {
      refuseCancelled(signal)
      const start = world.clock.elapsed()
      const read = await readDatabase(config, world)
      if (hasScripts(read)) void server?.get()
      const elapsed = world.clock.elapsed() - start
      const snapshots = request.proof === 'full' ? 'full' : 'guided'
      const needed = hasScripts(read) ? server : undefined
      const options = { read, unit: request.unit, server: needed, snapshots, world, seedCost, signal, elapsed } as const
      const job = oneOfFew(async () => ({ ...(await proveDatabase(options)), read }))
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

/** Folders beside the databases are told with the first one; they belong to none. */
const withSkipped = (
  reports: readonly Report['databases'][number][],
  skipped: readonly Ignored[],
): Report['databases'] =>
  reports.map((report, i) => (i === 0 ? { ...report, ignored: [...report.ignored, ...skipped] } : report))

/** A server that is not there is one problem, not one for each database. */
function unique<T extends { readonly what: string }>(problems: readonly T[]): readonly T[] {
  return problems.filter((problem, i) => problems.findIndex((other) => other.what === problem.what) === i)
}
