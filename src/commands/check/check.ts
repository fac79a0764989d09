// The command `check`: files -> findings and proofs -> one report.
import { RULES } from '../../rules/index.js'
import { readSettings, type Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import type { BaselineFinding } from '../../model/baseline-findings.js'
import type { OpenPulls } from '../../model/change.js'
import type { Ignored, Report } from '../../report/check-report.js'
import { findComparisonBase, type ComparisonBase } from './base.js'
import { buildReport } from './report.js'
import { findMerged } from './unmerged.js'
import { readBaseline, refusePartialBaseline } from './baseline-findings.js'
import { proveDatabases, throwIfCancelled } from './prove-databases.js'
import type { CheckRequest } from '../../requests/request.js'
import { selectDatabases } from '../shared/databases.js'
import { createServerSlot, type ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

/**
 * Ends with a report once the databases are known; a missing or lost server is a problem in the report. Rejects with a
 * UserError for wrong use and when the signal is aborted.
 */
export async function check(request: CheckRequest, world: World): Promise<Report> {
  const { clock } = world
  const started = clock.now()
  const start = clock.elapsed()
  // Both run while the proof runs.
  const comparing = awaitLater(findComparisonBase(request.against, world.repository))
  const input = await readInput(request, world)
  const others = awaitLater(readOpenPulls(comparing, input.databases, world))
  const server = request.proof === 'none' ? undefined : createServerSlot(world.startServer)
  const learned = await closeServerAfter(server, async () => {
    const merged = awaitLater(findMerged(request, world.repository))
    const { proved, foreign } = await proveDatabases({ ...input, request, server, world, comparing, merged })
    // Stopping the server takes time; the rest is done meanwhile.
    if (server !== undefined) void awaitLater(server.close())
    const context = { basis: await comparing, others: await others }
    throwIfCancelled(world.signal)
    return buildReport({ ...input, skipped: [...input.skipped, ...foreign], ...context, proved, request, world })
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

/** `skipped`: folders without a database. `entries`: the committed list of known findings. */
type CheckInput = {
  readonly settings: Settings
  readonly databases: readonly DatabaseConfig[]
  readonly skipped: readonly Ignored[]
  readonly entries: readonly BaselineFinding[]
}

async function readInput(request: CheckRequest, { files }: World): Promise<CheckInput> {
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const { paths, databases: names } = request
  const selected = await selectDatabases({ files, settings, paths, names })
  refusePartialBaseline(request)
  return { ...selected, settings, entries: await readBaseline(files) }
}

/** The other open pull requests for the same branch. Not in the merge queue: there the change itself is still open. */
async function readOpenPulls(
  comparing: Promise<ComparisonBase | undefined>,
  databases: readonly DatabaseConfig[],
  world: World,
): Promise<OpenPulls | undefined> {
  const basis = await comparing
  if (basis === undefined) return undefined
  // git reads the files of the base meanwhile.
  for (const { folder } of databases) void awaitLater(basis.base.tree(folder))
  if (basis.report.event !== 'pull request') return undefined
  return world.forge?.openPulls({ branch: basis.report.branch, except: basis.report.pull })
}

/** For a promise that another place awaits and reports. Until then its rejection is not unhandled. */
function awaitLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

async function closeServerAfter<T>(server: ServerSlot | undefined, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } finally {
    await server?.close()
  }
}
