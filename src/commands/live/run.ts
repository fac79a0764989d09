// One run of a command on live databases: what it knows from its start, and what it releases at its end.
import { UserError } from '../../model/errors.js'
import type { JournalActor } from '../../state/journal.js'
import type { LiveRequest } from '../../requests/request.js'
import { createServerSlot, type ServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

/**
 * `environment`: the environment of the run. In production (`tls` `verified`) a server must prove its identity.
 * `actor`: who acts, for the journal. `started` is milliseconds since 1970, `start` the steady counter at that time.
 * `server`: the scratch server, started when a stage needs it. A stage passes the release of each resource to `onEnd`.
 * The caller of `startRun` must always call `end`.
 */
export type Run<Request extends LiveRequest = LiveRequest> = {
  readonly request: Request
  readonly world: World
  readonly environment: string
  readonly tls: 'usual' | 'verified'
  readonly actor: Omit<JournalActor, 'database'>
  readonly started: number
  readonly start: number
  readonly server: ServerSlot
  readonly onEnd: (release: () => Promise<void>) => void
  readonly end: () => Promise<void>
}

export function startRun<Request extends LiveRequest>(request: Request, world: World): Run<Request> {
  const { clock, startServer } = world
  const environment = environmentOf(request, world)
  const actor = actorOf(environment, world)
  const server = createServerSlot(startServer)
  const releases = [server.close]
  return {
    request,
    world,
    environment,
    tls: environment === 'production' ? 'verified' : 'usual',
    actor,
    started: clock.now(),
    start: clock.elapsed(),
    server,
    onEnd: (release) => void releases.push(release),
    // The last one first. A release that rejects does not stop the others.
    end: async () => {
      const failures: unknown[] = []
      for (const release of releases.toReversed()) await release().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures.at(-1)
    },
  }
}

/** What frameworks and people call production. All of these words mean `production`. */
const PRODUCTION = /^(?:prod|production|prd|live)$/i

/**
 * The environment of the request, else APP_ENV, else `development`. Every common word for production gives
 * `production`.
 */
function environmentOf(request: Pick<LiveRequest, 'environment'>, world: Pick<World, 'environment'>): string {
  const named = request.environment ?? (world.environment['APP_ENV']?.trim() || 'development')
  return PRODUCTION.test(named) ? 'production' : named
}

/** Whether the request or APP_ENV names an environment. */
export const namesEnvironment = (
  request: Pick<LiveRequest, 'environment'>,
  world: Pick<World, 'environment'>,
): boolean => request.environment !== undefined || (world.environment['APP_ENV']?.trim() ?? '') !== ''

/** A production command does not guess the environment. Throws a UserError of kind `use`. */
export function requireEnvironment(request: LiveRequest, world: World): void {
  if (namesEnvironment(request, world)) return
  throw new UserError({
    kind: 'use',
    what: `${request.command} needs an environment`,
    fix: 'Name it: --environment production.',
  })
}

/** The URL of a run of GitHub Actions. */
function actorOf(environment: string, world: World): Run['actor'] {
  const {
    GITHUB_SERVER_URL: url,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
    GITHUB_ACTOR: actor,
  } = world.environment
  return {
    environment,
    actor: actor ?? world.environment['USER'],
    run:
      url === undefined || repository === undefined || run === undefined
        ? undefined
        : `${url}/${repository}/actions/runs/${run}`,
    tool: `${world.tool.name} ${world.tool.version}`,
    plan: undefined,
  }
}
