// One database of the configuration with its target: connected, its history found, its standing read.
import type { DatabaseConfig } from '../../model/config.js'
import type { Rows } from '../../state/history.js'
import type { Acting, JournalRow } from '../../state/journal.js'
import type { Planning } from '../../state/plan.js'
import { standingOf, type Standing } from '../../state/status.js'
import type { FoundTables } from '../../tools/history-candidates.js'
import type { Target } from '../../ports/target.js'
import { aboutDatabase } from './database-argument.js'
import { isBare } from './history.js'
import { findHistory, historyAmong, readCandidates, type FoundHistory } from './history.js'
import type { ReadDatabase } from '../shared/read-database.js'
import type { LiveRequest } from '../shared/request.js'
import type { World } from '../shared/context.js'

/**
 * `production`: the environment says so, or somebody once deployed here as production. `about` are the words that name this
 * database on the command line.
 */
export type Opened = {
  readonly read: ReadDatabase
  readonly about: string
  readonly target: Target
  readonly found: FoundHistory
  readonly environment: string
  readonly production: boolean
}

/** A standing, and what it was made of: the rows of the tool's table and those of the journal. */
export type Stand = { readonly standing: Standing; readonly rows: Rows; readonly journal: readonly JournalRow[] }

/** What frameworks and people call production: none of them may pass for something else. */
const PRODUCTION = /^(?:prod|production|prd|live)$/i

/** What the request says, else APP_ENV, else `development`; every usual word for production is `production`. */
export function environmentOf(request: Pick<LiveRequest, 'environment'>, world: Pick<World, 'environment'>): string {
  const said = request.environment ?? (world.environment['APP_ENV']?.trim() || 'development')
  return PRODUCTION.test(said) ? 'production' : said
}

/** Production is never talked to without knowing who answers. */
export const tlsIn = (environment: string): 'usual' | 'verified' =>
  environment === 'production' ? 'verified' : 'usual'

/** A target that answers. `candidates` are its tables that may be a history; `production` as in `Opened`. */
export type Arrived = Pick<Opened, 'target' | 'environment' | 'production' | 'about'> & {
  readonly candidates: FoundTables
}

/** All that can be asked before the files are read. Rejects with a UserError; whoever has the result closes its target. */
export async function arrive(
  config: DatabaseConfig,
  { request, world }: { readonly request: LiveRequest; readonly world: World },
): Promise<Arrived> {
  const { name, dsn, session } = config
  const { waitMs, lockMs, statementMs } = request
  const environment = environmentOf(request, world)
  const target = await world.targets.open({
    name,
    dsn,
    session,
    waitMs,
    lockMs,
    statementMs,
    signal: world.signal,
    tls: tlsIn(environment),
  })
  try {
    const candidates = await readCandidates({ target, config })
    const production = environment === 'production' || (await target.wasProduction())
    return { target, candidates, environment, production, about: aboutDatabase(request, name) }
  } catch (error) {
    await target.close()
    throw error
  }
}

/** Throws a UserError. */
export function openDatabase(read: ReadDatabase, { candidates, ...arrived }: Arrived): Opened {
  return { ...arrived, read, found: historyAmong({ target: arrived.target, candidates, read, stream: 'schema' }) }
}

/**
 * Where it stands now. Reading changes nothing. History and journal are read one after the other: what looks broken may be
 * a step of another run that ended between the two, so it is looked at once more.
 */
export async function readStand(opened: Opened): Promise<Stand> {
  const stand = await readOnce(opened)
  const { lost, dirty } = stand.standing
  return lost.length === 0 && dirty === undefined ? stand : readOnce(await lookAgain(opened))
}

async function readOnce({ read, target, found }: Opened): Promise<Stand> {
  const { history, table } = found
  const { migrations } = read.schema
  const rows = found.exists ? await target.rows({ table, read: history.read(table) }) : []
  const journal = read.config.journal === 'off' ? [] : await target.readJournal(read.config.name)
  const standing = standingOf({ migrations, history, rows, journal })
  // Where somebody emptied the whole database, its history says the truth.
  const lost = standing.lost.length === 0 || (await isBare(target, found)) ? [] : standing.lost
  return { standing: { ...standing, lost }, rows, journal }
}

/** A history that was not there may have been made in the meantime. */
export async function lookAgain(opened: Opened): Promise<Opened> {
  if (opened.found.exists) return opened
  const { target, read } = opened
  return { ...opened, found: await findHistory({ target, read, stream: 'schema' }) }
}

/** What a plan of the schema is made from. */
export const planningOf = (
  { read, found, about, production }: Opened,
  { standing }: Pick<Stand, 'standing'>,
): Planning => ({
  database: read.config.name,
  about,
  migrations: read.schema.migrations,
  standing,
  history: found.history,
  production,
})

/** Who acts, for the journal. A run of GitHub Actions is named by its page. */
export function actingOf({ read, environment }: Pick<Opened, 'read' | 'environment'>, world: World): Acting {
  const {
    GITHUB_SERVER_URL: url,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
    GITHUB_ACTOR: actor,
  } = world.environment
  return {
    database: read.config.name,
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
