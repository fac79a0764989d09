// The command `check`: files -> findings and proofs -> one report.
import { RULES } from '../../rules/index.js'
import { readSettings, type Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import type { DebtEntry } from '../../model/baseline-findings.js'
import type { OpenPulls } from '../../model/change.js'
import type { Ignored, Report } from '../../report/check-report.js'
import { findBasis, type Basis } from './base.js'
import { conclude } from './report.js'
import { readDebt, refuseHalfDebt } from './baseline-findings.js'
import { proveAll, refuseCancelled } from './prove-databases.js'
import type { CheckRequest } from '../shared/request.js'
import { selectDatabases } from '../shared/databases.js'
import { createServerSlot, type ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

/**
 * Always ends with a report once the databases are known; a server that is missing or gone is told in it. Rejects with a
 * UserError for wrong use and when the signal is aborted.
 */
export async function check(request: CheckRequest, world: World): Promise<Report> {
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  // Both are asked for while the proof goes on.
  const comparing = awaitedLater(findBasis(request.against, world.repository))
  const asked = await readAsked(request, world)
  const others = awaitedLater(openPulls(comparing, asked.databases, world))
  const server = request.proof === 'none' ? undefined : createServerSlot(world.startServer)
  const learned = await closing(server, async () => {
    const proved = await proveAll({ ...asked, request, server, world, comparing })
    // Its end takes a moment in which the rest can be done.
    if (server !== undefined) void awaitedLater(server.close())
    const around = { basis: await comparing, others: await others }
    refuseCancelled(world.signal)
    return conclude({ ...asked, ...around, proved, request, world })
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

/** What the command is about: `skipped` are folders in which no database was seen, `entries` the committed debt. */
type Asked = {
  readonly settings: Settings
  readonly databases: readonly DatabaseConfig[]
  readonly skipped: readonly Ignored[]
  readonly entries: readonly DebtEntry[]
}

async function readAsked(request: CheckRequest, { files }: World): Promise<Asked> {
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const { paths, databases: names } = request
  const selected = await selectDatabases({ files, settings, paths, names })
  refuseHalfDebt(request)
  return { ...selected, settings, entries: await readDebt(files) }
}

/** The other pull requests to the same branch. In the merge queue the change itself is still open, so nobody is asked there. */
async function openPulls(
  comparing: Promise<Basis | undefined>,
  databases: readonly DatabaseConfig[],
  world: World,
): Promise<OpenPulls | undefined> {
  const basis = await comparing
  if (basis === undefined) return undefined
  // git reads while we do.
  for (const { folder } of databases) void awaitedLater(basis.base.tree(folder))
  if (basis.report.event !== 'pull request') return undefined
  return world.forge?.openPulls({ branch: basis.report.branch, except: basis.report.pull })
}

/** For what is waited for at another place, where its failure is told, and may have failed before that. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

async function closing<T>(server: ServerSlot | undefined, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } finally {
    await server?.close()
  }
}
