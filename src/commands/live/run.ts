// What the commands on live databases have in common: files read, targets opened and closed, one report.
import { RULES } from '../../rules/index.js'
import { didYouMean } from '../../model/did-you-mean.js'
import { readSettings, type Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import type { ApprovalReport, Way } from '../../release/preview.js'
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import { checklistOf, type Said } from './checklist.js'
import { shellWord } from '../../model/shell-quote.js'
import { areByServer } from '../../tools/directories/names.js'
import { areInFolders } from '../../tools/pairs/numbered-folders.js'
import { isPrismas } from '../../tools/directories/prisma.js'
import { aboutDatabase } from './database-argument.js'
import { arrive, openDatabase, type Arrived, type Opened } from './connect.js'
import { readDatabase, type ReadDatabase } from '../shared/read-database.js'
import type { LiveRequest } from '../shared/request.js'
import { selectDatabases } from '../shared/databases.js'
import { stoppedBy } from './target-report.js'
import { countLive, decideLive } from './target-report.js'
import type { World } from '../shared/context.js'

/** `plan` is the digest of the approved plan that is carried out. */
export type Running = { readonly request: LiveRequest; readonly world: World; readonly plan?: string }

/** Files that leave it open what would be run: nothing is, before they are mended. */
const OPEN_QUESTIONS = new Set(['duplicate-version', 'unreadable'])

/** What a command demands before it starts: one database and no more, and of which files that they can be run. */
export type Demands = { readonly count: 'one' | 'any'; readonly streams?: readonly ('schema' | 'seeds')[] }

/** A target that was reached, or why it was not. */
export type Reached = { readonly read: ReadDatabase } & (
  | { readonly opened: Opened; readonly stopped?: undefined }
  | { readonly opened?: undefined; readonly stopped: NonNullable<TargetReport['stopped']> }
)

/**
 * Every database that the request is about, connected to while its files are read. Whatever the body does, every
 * connection is closed afterwards. Rejects with a UserError for files that nobody could run; nothing was done then.
 */
export async function withTargets<T>(
  running: Running,
  demands: Demands,
  body: (reached: readonly Reached[], settings: Settings) => Promise<T>,
): Promise<T> {
  const { request, world } = running
  const { files } = world
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const { paths, databases: names } = request
  const { databases, linked } = await selectDatabases({ files, settings, paths, names })
  await refuseUnknownOrder(settings, { files, paths, names, databases })
  if (demands.count === 'one') requireOne(databases, request)
  const ended = new AbortController()
  const signal = AbortSignal.any([world.signal, ended.signal])
  const arriving = databases.map((config) => arrive(config, { request, world: { ...world, signal } }))
  const settled = Promise.allSettled(arriving)
  try {
    const reads: ReadDatabase[] = []
    for (const config of databases) reads.push(await readDatabase(config, world))
    for (const read of reads) refuseUnknownHistory(read)
    for (const read of reads) refuseOpenQuestions(read, demands.streams ?? ['schema'])
    const reached = await Promise.all(reads.map((read, i) => reach(read, arriving[i])))
    refuseShared(reached)
    const notes = [
      ...linked.map(({ path, reason }) => `passed over: ${path} is ${reason}`),
      ...(await sqlMigrateNote(reads, files)),
    ]
    return await body(withNotes(reached, notes), settings)
  } finally {
    ended.abort()
    const opened = (await settled).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(opened.map(({ target }) => target.close()))
  }
}

/** A name that is no database would silently order nothing. */
async function refuseUnknownOrder(
  settings: Settings,
  about: Omit<Parameters<typeof selectDatabases>[0], 'settings'> & { readonly databases: readonly DatabaseConfig[] },
): Promise<void> {
  const { order } = settings.deploy
  if (order.length === 0 || about.paths.length > 0) return
  const all =
    about.names.length === 0 ? about.databases : (await selectDatabases({ ...about, settings, names: [] })).databases
  const known = all.map(({ name }) => name)
  const unknown = order.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const what = `deploy: order in the config names "${unknown}", which is no database${didYouMean(unknown, known)}`
  throw new UserError({ kind: 'use', what, fix: `Name some of: ${known.join(', ')}.` })
}

async function reach(read: ReadDatabase, arriving: Promise<Arrived> | undefined): Promise<Reached> {
  try {
    const arrived = await arriving
    if (arrived === undefined) throw new Error(`nobody connected to ${read.config.name}`)
    return { read, opened: openDatabase(read, arrived) }
  } catch (error) {
    return { read, stopped: stoppedBy(error) }
  }
}

const SQL_MIGRATE_CONFIG = 'dbconfig.yml'

/** Which of its environments counts is said on sql-migrate's command line, so its table is not read from there. */
async function sqlMigrateNote(reads: readonly ReadDatabase[], files: World['files']): Promise<readonly string[]> {
  const asks = reads.some(
    ({ config, schema }) => config.history.table === undefined && schema.layout.name === 'sql-migrate',
  )
  if (!asks || (await files.kind(SQL_MIGRATE_CONFIG)) !== 'file') return []
  const { text } = await files.read(SQL_MIGRATE_CONFIG, '.')
  if (!/^\s+(?:table|schema):\s*\S/m.test(text)) return []
  return [
    `${SQL_MIGRATE_CONFIG} names a table or a schema, which is not read here: say it in the config (history.table)`,
  ]
}

/** Two folders in one table: what one of them has applied would be missing, or done already, to the other. */
function refuseShared(reached: readonly Reached[]): void {
  const seen = new Map<string, Opened>()
  for (const { opened } of reached) {
    if (opened === undefined) continue
    const { target, found, read } = opened
    const key = JSON.stringify([target.identity, found.schema, found.name])
    const other = seen.get(key)
    if (other === undefined) {
      seen.set(key, opened)
      continue
    }
    const one = other.read.config
    const two = read.config
    throw new UserError({
      kind: 'use',
      what: `${one.name} (${one.dsn}) and ${two.name} (${two.dsn}) are one database, ${target.place}, and one history in it, ${found.schema}.${found.name}`,
      fix: `Correct the DSN that is wrong; if both folders do belong there, give each a table of its own in the config (history.table).`,
    })
  }
}

/** What is about no database of the run is told with the first that was reached. */
function withNotes(reached: readonly Reached[], notes: readonly string[]): readonly Reached[] {
  const at = reached.findIndex(({ opened }) => opened !== undefined)
  return reached.map((one, i) => {
    if (i !== at || one.opened === undefined || notes.length === 0) return one
    const { found } = one.opened
    return { ...one, opened: { ...one.opened, found: { ...found, notes: [...found.notes, ...notes] } } }
  })
}

/** Which of their migrations are applied stands in a table that nothing here reads or writes. */
function refuseUnknownHistory({ config, schema }: ReadDatabase): void {
  const unknown = areInFolders(schema.migrations)
    ? 'one chain in numbered folders'
    : areByServer(schema.migrations)
      ? 'folders with a file for each server'
      : undefined
  if (unknown !== undefined) {
    throw new UserError({
      kind: 'use',
      what: `${config.name}: ${config.folder} holds ${unknown}, which no tool runs whose history is read or written here`,
      fix: `Go on applying it as you do; pg-migration-gate check ${shellWord(config.folder)} proves it.`,
    })
  }
  if (!isPrismas(schema.migrations)) return
  throw new UserError({
    kind: 'use',
    what: `${config.name}: ${config.folder} holds migrations of Prisma, whose history is not read or written here`,
    fix: `Go on applying them with prisma migrate deploy; pg-migration-gate check ${shellWord(config.folder)} proves them.`,
  })
}

function refuseOpenQuestions(read: ReadDatabase, streams: NonNullable<Demands['streams']>): void {
  const { config } = read
  const open = streams.flatMap((stream) => read[stream]?.problems ?? []).find(({ rule }) => OPEN_QUESTIONS.has(rule))
  if (open === undefined) return
  const fix = `Mend the files: pg-migration-gate check ${shellWord(config.folder)} shows all that is wrong.`
  throw new UserError({ kind: 'use', what: `${config.name}: ${open.message}`, fix })
}

/** `down` and `redo` take back data; which database is never left to chance. */
function requireOne(databases: readonly DatabaseConfig[], request: LiveRequest): void {
  if (databases.length === 1) return
  const { command } = request
  const [what, word] =
    command === 'baseline'
      ? ['cannot record one version for several databases at once', 'baseline --to VERSION']
      : command === 'restore'
        ? ['cannot restore several databases at once', command]
        : ['cannot roll back all databases at once', command === 'seed' ? 'seed --down' : command]
  const each = databases.map(({ name }) => `pg-migration-gate ${word} ${aboutDatabase(request, name)}`)
  throw new UserError({ kind: 'use', what, fix: `Name one: ${each.join(', or ')}` })
}

/** The report of a run that began at `started` (milliseconds since 1970) and `start` (steady counter). */
export function liveReport(options: {
  readonly running: Running
  readonly started: number
  readonly start: number
  readonly targets: readonly TargetReport[]
  readonly short?: boolean
  readonly approval?: ApprovalReport
  readonly ways?: readonly Way[]
  readonly said?: Said
}): LiveReport {
  const { running, targets, short = false, approval, ways = [], said } = options
  const { request, world } = running
  const report: LiveReport = {
    schema: 1,
    tool: world.tool,
    command: request.command,
    started: new Date(options.started).toISOString(),
    milliseconds: world.clock.elapsed() - options.start,
    ...decideLive({ targets, cancelled: world.signal.aborted, short }),
    counts: countLive(targets),
    targets,
    ...(approval && { approval }),
    ...(ways.length > 0 && { ways }),
  }
  const checklist = said === undefined ? [] : checklistOf(report, said)
  return checklist.length === 0 ? report : { ...report, checklist }
}
