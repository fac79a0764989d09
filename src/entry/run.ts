// Connects the adapters and runs one request: the result is a report.
import { realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { baseline } from '../commands/migrate/baseline.js'
import { check } from '../commands/check/check.js'
import { down } from '../commands/migrate/down.js'
import { redo } from '../commands/migrate/redo.js'
import type { Request } from '../requests/request.js'
import { deploy } from '../commands/release/deploy.js'
import { plan } from '../commands/release/plan.js'
import { restore } from '../commands/release/restore.js'
import { rollback } from '../commands/release/rollback.js'
import { seed } from '../commands/migrate/seed.js'
import { status } from '../commands/migrate/status.js'
import { up } from '../commands/migrate/up.js'
import type { World } from '../commands/shared/context.js'
import { cancelled } from '../model/errors.js'
import { UserError } from '../model/errors.js'
import type { Origin } from '../release/gate.js'
import type { AnyReport } from '../report/run-report.js'
import { systemClock } from '../adapters/host/clock.js'
import { createFiles } from '../adapters/host/files.js'
import { createRepository } from '../adapters/host/git/repository.js'
import { createModules } from '../adapters/host/modules.js'
import { createShell } from '../adapters/host/shell.js'
import { fromRoot } from '../adapters/host/files.js'
import { variablesForMigrations, variablesForSeeds } from '../adapters/host/variables.js'
import { createBackups } from '../adapters/postgres/backup/open.js'
import { createInspection } from '../adapters/postgres/inspect/open.js'
import { createScratchServer } from '../adapters/postgres/scratch/server.js'
import { provideServer } from '../adapters/postgres/server/provide.js'
import type { Machine as Machine } from '../adapters/postgres/server/machine.js'
import { createTargets } from '../adapters/postgres/live/open.js'
import type { Forge } from '../ports/forge.js'
import type { Progress } from '../ports/host.js'
import type { ScratchServer } from '../ports/scratch.js'
import type { Targets } from '../ports/target.js'
import { againstOf, originOf } from './action/event.js'
import type { Command } from './options/commands.js'
import { TOOL } from './program.js'

/**
 * The machine of a run. `root` is the folder that paths start from, `environment` the variables. `packagesRoot` is where to
 * look for npm packages with PostgreSQL. `dsns` (by database name) take precedence over the variables.
 */
export type Site = {
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly packagesRoot: readonly string[]
  readonly dsns: Readonly<Record<string, string>>
}

type ScratchOptions = Pick<Request, 'server' | 'postgres' | 'disposableServer'>

/** The part of any request that the adapters depend on. */
type ContextRequest = ScratchOptions & { readonly command: Command }

/** The input of a run, with a callback for sentences that belong to no report. */
type RunOptions<R> = {
  readonly request: R
  readonly signal: AbortSignal
  readonly progress: Progress
  readonly log: (text: string) => void
  readonly forge?: Forge | undefined
  readonly site?: Site
}

/** This process: its working directory and its variables. */
const here = (): Site => ({
  root: process.cwd(),
  environment: process.env,
  packagesRoot: [programFolder(), process.cwd()],
  dsns: {},
})

/** Rejects with a UserError, or with another error for a bug. */
export async function run(options: RunOptions<Request>): Promise<AnyReport> {
  const { request, signal, site = here() } = options
  const paths = request.paths.map((name) => fromRoot(site.root, name))
  const origin = await originOf(site.environment)
  return runCommand({ ...request, paths }, contextOf({ ...options, site, origin }), site).catch((error: unknown) => {
    // Cancelling drops scratch databases that are still in use, so the resulting errors mean nothing.
    if (!signal.aborted || error instanceof UserError) throw error
    throw cancelled({ cause: error })
  })
}

/** The real adapters, for the given machine. */
export function contextOf(options: RunOptions<ContextRequest> & { readonly origin?: Origin }): World {
  const { request, signal, progress, site = here(), origin = NOWHERE } = options
  const { root, environment } = site
  const shell = createShell({ root, environment: process.env })
  return {
    files: createFiles(root),
    repository: createRepository({ root, environment: process.env }),
    forge: options.forge,
    clock: systemClock,
    environment: variablesForMigrations(environment),
    startServer: (like) => startServer({ ...options, site, like }),
    targets: targetsOf(site, options.log),
    inspection: createInspection(),
    backups: createBackups({
      root,
      machine: machineOf(site),
      now: systemClock.now,
      shell,
      withScratch: async (like, body) => {
        const clusters = await clustersLike(like, site, scratchFor(request, signal))
        try {
          return await body(clusters.main)
        } finally {
          await clusters.close()
        }
      },
    }),
    shell,
    origin,
    modules: createModules({ root, environment: variablesFor(request, site), node: NODE }),
    progress,
    signal,
    cores: availableParallelism(),
    tool: TOOL,
  }
}

async function runCommand(request: Request, world: World, site: Site): Promise<AnyReport> {
  switch (request.command) {
    case 'check':
      return check({ ...request, against: request.against ?? (await againstOf(site.environment)) }, world)
    case 'up':
      return up(request, world)
    case 'down':
      return down(request, world)
    case 'redo':
      return redo(request, world)
    case 'status':
      return status(request, world)
    case 'baseline':
      return baseline(request, world)
    case 'seed':
      return seed(request, world)
    case 'plan':
      return plan(request, world)
    case 'deploy':
      return deploy(request, world)
    case 'rollback':
      return rollback(request, world)
    case 'restore':
      return restore(request, world)
  }
}

function targetsOf({ environment, dsns }: Site, log: (text: string) => void): Targets {
  return {
    open: (options) => {
      const given = Object.hasOwn(dsns, options.name) ? { [options.dsn]: dsns[options.name] } : {}
      return createTargets({ environment: { ...environment, ...given }, log }).open(options)
    },
  }
}

/** Outside of GitHub there is no event. */
const NOWHERE: Origin = { event: undefined, fork: false, refProtected: undefined, ref: undefined }

const machineOf = ({ environment }: Pick<Site, 'environment'>): Machine => ({
  environment,
  platform: process.platform,
  arch: process.arch,
  uid: process.getuid?.(),
  gid: process.getgid?.(),
})

const scratchFor = ({ server, postgres, disposableServer }: ScratchOptions, signal: AbortSignal) =>
  ({ server, major: postgres, disposable: disposableServer, signal }) as const

/** A check may run code from strangers. The command seed is trusted, and may need a password. */
const variablesFor = ({ command }: Pick<ContextRequest, 'command'>, { environment }: Site): Site['environment'] =>
  command === 'seed' ? variablesForSeeds(environment) : variablesForMigrations(environment)

/** This Node also runs seeds. `typescript` is missing in versions without type stripping. */
const NODE = {
  program: process.execPath,
  version: process.version,
  stripsTypes: ['strip', 'transform'].includes(String(process.features.typescript)),
}

/** The given server, or a new one from the machine's programs and packages. Rejects with a UserError. */
export const clustersAt = (
  { packagesRoot, environment }: Pick<Site, 'packagesRoot' | 'environment'>,
  asked: Pick<Parameters<typeof provideServer>[0], 'server' | 'major' | 'disposable' | 'signal'>,
): ReturnType<typeof provideServer> => provideServer({ ...asked, packagesRoot, ...machineOf({ environment }) })

/** Prefers the wanted major version, unless the user asked for another one or it is not available. */
async function clustersLike(
  like: number | undefined,
  site: Site,
  asked: ReturnType<typeof scratchFor>,
): ReturnType<typeof clustersAt> {
  if (like === undefined || asked.server !== undefined || asked.major !== undefined) return clustersAt(site, asked)
  try {
    return await clustersAt(site, { ...asked, major: like })
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'environment') throw error
    return clustersAt(site, asked)
  }
}

async function startServer(options: {
  request: ScratchOptions
  signal: AbortSignal
  log: (text: string) => void
  site: Site
  like: number | undefined
}): Promise<ScratchServer> {
  const { request, signal, site } = options
  const clusters = await clustersLike(options.like, site, scratchFor(request, signal))
  for (const note of clusters.notes) options.log(note)
  const server = createScratchServer(clusters, systemClock)
  if (clusters.main.kind === 'given') {
    // A statement may run without limit there, until its scratch database is dropped.
    signal.addEventListener('abort', () => void server.close().catch(() => undefined))
  }
  return server
}

/** Folder of this program, with links of node_modules/.bin resolved. (A bundler rewrites import.meta.url.) */
function programFolder(): string {
  const program = process.argv[1]
  return program === undefined ? process.cwd() : path.dirname(realpathSync(program))
}
