// The command `check`: files -> findings and proofs -> one report.
import { CHECKS } from '../checks/index.js'
import type { SubjectChange } from '../checks/check.js'
import { readSettings, type Settings } from '../config/settings.js'
import { numberOf, type DatabaseChange } from '../core/change.js'
import { UserError } from '../core/errors.js'
import { compareFindings } from '../core/finding.js'
import { nextVersion } from '../core/next-version.js'
import { versionInPath } from '../core/path-version.js'
import type { Fixed, Ignored, Report } from '../core/report.js'
import { compareNumbers } from '../core/version.js'
import { findBasis, type Basis } from './basis.js'
import { applyDebt, readDebt, refuseHalfDebt } from './debt.js'
import { fixDatabase } from './fix.js'
import { judge } from './judge.js'
import { createLimit } from '../core/limit.js'
import { proveDatabase, type ProvedDatabase } from './prove-database.js'
import { readChange, scopeOf, type ReadChange } from './read-change.js'
import { readDatabase, type ReadDatabase } from './read-database.js'
import type { CheckRequest } from './request.js'
import { selectDatabases } from './select.js'
import { filesTouched, withoutOld } from './set-aside.js'
import { createServerSlot, type ServerSlot } from './server-slot.js'
import { countAll, decide } from './verdict.js'
import { waive } from './waive.js'
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
  refuseHalfDebt(request)
  const entries = await readDebt(files)
  const basis = await findBasis(request.against, world.repository)
  // git reads while we do.
  for (const { folder } of databases) basis?.base.tree(folder).catch(toldLater)
  // Asked while the proof goes on. In the merge queue the change itself is still open.
  const asked =
    basis?.report.event === 'pull request'
      ? world.forge?.openPulls({ branch: basis.report.branch, except: basis.report.pull })
      : undefined
  asked?.catch(toldLater)
  const server = request.proof === 'none' ? undefined : createServerSlot(world.startServer)
  const proved = await closing(server, () => proveAll({ databases, request, server, world, settings, basis }))
  const others = await asked
  refuseCancelled(world.signal)

  const reports = withSkipped(
    proved.map(({ report }) => report),
    skipped,
  )
  const judged = proved.map(({ read, report, change }) => {
    const { folder } = report
    const compared = change &&
      basis && { schema: subject(change.schema, folder, basis), seeds: subject(change.seeds, folder, basis) }
    const fresh = change && filesTouched(read, change)
    const sorted = withoutOld(judge({ read, report, config: settings, change: compared, judged: fresh }), fresh)
    return waive({ sorted, read, report, config: settings, compared: change !== undefined, now: clock.now() })
  })
  const told = await applyDebt({
    sorted: { findings: judged.flatMap((one) => one.findings), setAside: judged.flatMap((one) => one.setAside) },
    ...{ entries, update: request.updateDebt, databases: reports, files },
  })
  const findings = told.findings.toSorted(compareFindings)
  const setAside = told.setAside.toSorted(compareFindings)
  const bugs = proved.flatMap(({ bug }) => (bug === undefined ? [] : [{ what: bug, fix: REPORT_BUG }]))
  const fixed: Fixed[] = []
  if (request.fix) {
    for (const { read, report } of proved)
      fixed.push(...(await fixDatabase({ read, report, files, environment: world.environment })))
  }
  return {
    schema: 1,
    tool: world.tool,
    command: 'check',
    started: new Date(started).toISOString(),
    milliseconds: clock.elapsed() - start,
    ...decide({ failOn: request.failOn, findings, databases: reports }),
    server: server?.report(),
    counts: countAll(reports, findings, setAside),
    ...(basis && {
      change: { ...basis.report, notSeen: [...basis.report.notSeen, ...(others?.notSeen ?? [])] },
    }),
    databases: reports,
    findings,
    setAside,
    problems: unique([
      ...proved.flatMap(({ problem }) => problem ?? []),
      ...bugs,
      ...(told.problem ? [told.problem] : []),
    ]),
    ...(request.fix && { fixed }),
  }

  function subject(change: DatabaseChange, folder: string, { report }: Basis): SubjectChange {
    const pulls = others?.pulls ?? []
    const next = nextFree({ ...change, pulls }, folder, clock.now())
    return { ...change, branch: report.branch, pull: report.pull, pulls, next }
  }
}

/** The next version that nobody has, other pull requests included, written as the newest one is. */
function nextFree(
  { base, tip, added, pulls }: Omit<SubjectChange, 'next' | 'branch' | 'pull'>,
  folder: string,
  now: number,
): string {
  const theirs = pulls.flatMap(({ files }) => files.flatMap(({ path }) => versionInPath(path, folder) ?? []))
  const own = [...[...base, ...tip, ...added].map(numberOf), ...theirs]
  const newest = (tip.length > 0 ? tip : added).at(-1)
  const like = newest === undefined ? '00000' : numberOf(newest)
  const highest = own.reduce((a, b) => (compareNumbers(a, b) < 0 ? b : a), like)
  return nextVersion({ like, highest, now })
}

/** For what is waited for at another place, and may be over before. */
const toldLater = (): void => undefined

const REPORT_BUG =
  'The result is right: it was found by whole snapshots. Please report this as a bug of pg-migration-gate.'

type Proved = ProvedDatabase & { readonly read: ReadDatabase; readonly change: ReadChange | undefined }

/** Reads one database after the other, and proves those that were read meanwhile. */
async function proveAll(options: {
  readonly databases: readonly ReadDatabase['config'][]
  readonly request: CheckRequest
  readonly server: ServerSlot | undefined
  readonly world: World
  readonly settings: Settings
  readonly basis: Basis | undefined
}): Promise<readonly Proved[]> {
  const { databases, request, server, world, settings, basis } = options
  const wanted = request.scope ?? settings.scope
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
