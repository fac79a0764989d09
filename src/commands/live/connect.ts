// The databases of a run: selected, their files read, connected to, their history found, and locked where a command asks for it.
import { liveRefusal } from '../../tools/histories.js'
import { readSettings, type Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import { shellWord } from '../../model/shell-quote.js'
import type { Target } from '../../ports/target.js'
import { RULES } from '../../rules/index.js'
import type { Lock } from '../../state/history.js'
import { refuseUnknownOrder, selectDatabases } from '../shared/databases.js'
import { readDatabase, type ReadDatabase } from '../shared/read-database.js'
import type { LiveRequest } from '../shared/request.js'
import { databaseWords } from '../shared/suggested-command.js'
import type { World } from '../shared/context.js'
import { findHistory } from './history.js'
import type { Run } from './run.js'
import { stoppedBy, type ConnectedTarget, type Staged } from './target.js'

/** What a command demands before it starts: one database and no more, and which of its files have to be fit to run. */
export type Demands = { readonly count: 'one' | 'any'; readonly streams?: readonly Stream[] }

type Stream = 'schema' | 'seeds'

/** Problems of files that leave open what would be run: nothing is run before they are mended. */
const OPEN_QUESTIONS = new Set(['duplicate-version', 'unreadable'])

/**
 * Every database that the request is about, connected to while its files are read; the end of the run closes the connections.
 * Rejects with a UserError of kind `use` for files that cannot be run; nothing was done then.
 */
export async function connectTargets(
  run: Run,
  { count, streams = ['schema'] }: Demands,
): Promise<{ readonly targets: readonly Staged<ConnectedTarget>[]; readonly settings: Settings }> {
  const { request, world } = run
  const { files } = world
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const selecting = { files, settings, paths: request.paths, names: request.databases }
  const { databases, linked } = await selectDatabases(selecting)
  await refuseUnknownOrder(selecting, databases)
  if (count === 'one') requireOne(databases, request)
  const connections = openConnections(databases, run)
  const reads: ReadDatabase[] = []
  for (const config of databases) reads.push(await readDatabase(config, world))
  for (const read of reads) refuseUnknownHistory(read)
  for (const read of reads) refuseOpenQuestions(read, streams)
  const targets = await Promise.all(reads.map((read, i) => connectTarget(read, connections[i], run)))
  refuseShared(targets)
  const notes = [
    ...linked.map(({ path, reason }) => `passed over: ${path} is ${reason}`),
    ...(await settingsNotes(reads, files)),
  ]
  return { settings, targets: withNotes(targets, notes) }
}

type Connection = { readonly target: Target; readonly production: boolean }

/** Begins all connections; the end of the run closes them, those included that are still on their way. */
function openConnections(databases: readonly DatabaseConfig[], run: Run): readonly Promise<Connection>[] {
  const ended = new AbortController()
  const signal = AbortSignal.any([run.world.signal, ended.signal])
  const connections = databases.map((config) => openConnection(config, run, signal))
  const settled = Promise.allSettled(connections)
  run.onEnd(async () => {
    ended.abort()
    const open = (await settled).flatMap((one) => (one.status === 'fulfilled' ? [one.value.target] : []))
    await Promise.all(open.map((target) => target.close()))
  })
  return connections
}

async function openConnection(
  { name, dsn, session }: DatabaseConfig,
  { request, world, environment, tls }: Run,
  signal: AbortSignal,
): Promise<Connection> {
  const { waitMs, lockMs, statementMs } = request
  const target = await world.targets.open({ name, dsn, session, waitMs, lockMs, statementMs, signal, tls })
  try {
    return { target, production: environment === 'production' || (await target.wasProduction()) }
  } catch (error) {
    await target.close()
    throw error
  }
}

async function connectTarget(
  read: ReadDatabase,
  connection: Promise<Connection> | undefined,
  { request, environment }: Run,
): Promise<Staged<ConnectedTarget>> {
  try {
    if (connection === undefined) throw new Error(`there is no connection for ${read.config.name}`)
    const { target, production } = await connection
    const found = await findHistory({ target, read, stream: 'schema' })
    const about = databaseWords(request, read.config.name)
    return { read, about, target, found, environment, production, milliseconds: 0 }
  } catch (error) {
    return { read, stopped: stoppedBy(error) }
  }
}

/** A history that was not there may have been made in the meantime. */
export async function findHistoryAgain(connected: ConnectedTarget): Promise<ConnectedTarget> {
  const { target, read, found } = connected
  return found.exists ? connected : { ...connected, found: await findHistory({ target, read, stream: 'schema' }) }
}

/**
 * Every target locked before its status is read, so that nothing moves between that and the first step; the end of the run
 * unlocks them.
 */
export async function lockTargets(
  run: Run,
  targets: readonly Staged<ConnectedTarget>[],
): Promise<readonly Staged<ConnectedTarget>[]> {
  run.onEnd(async () => {
    for (const { target } of targets) await target?.unlock().catch(() => undefined)
  })
  const locked: Staged<ConnectedTarget>[] = []
  // Two folders may be about one and the same database, and one run must not wait for itself.
  const places = new Set<string>()
  for (const one of targets) {
    if (one.stopped !== undefined) {
      locked.push(one)
      continue
    }
    const { place } = one.target
    try {
      if (!places.has(place)) await one.target.lock(locksOf(one))
      places.add(place)
      // Another run that held the locks before may have made the history.
      locked.push(await findHistoryAgain(one))
    } catch (error) {
      locked.push({ read: one.read, stopped: stoppedBy(error) })
    }
  }
  return locked
}

/** The tool's own locks for the table that counts here. */
export const locksOf = ({ target, found }: Pick<ConnectedTarget, 'target' | 'found'>): readonly Lock[] =>
  found.history.locks({ schema: found.schema, table: found.name, database: target.database })

/** As the config orders them: those that it does not name come last, as they were. */
export function inOrder<T extends { readonly read: ReadDatabase }>(
  targets: readonly T[],
  order: readonly string[],
): readonly T[] {
  const place = ({ read }: T): number => {
    const at = order.indexOf(read.config.name)
    return at === -1 ? order.length : at
  }
  return targets.toSorted((a, b) => place(a) - place(b))
}

/** What a file of the tool itself may say about the table, where our config says nothing. */
async function settingsNotes(reads: readonly ReadDatabase[], files: World['files']): Promise<readonly string[]> {
  const notes = new Set<string>()
  for (const { config, schema } of reads) {
    const { settings } = schema.layout.histories
    if (settings === undefined || config.history.table !== undefined) continue
    if ((await files.kind(settings.file)) !== 'file') continue
    const { text } = await files.read(settings.file, '.')
    if (!settings.names.test(text)) continue
    notes.add(
      `${settings.file} names a table or a schema, which this tool does not read: set it in the config (history.table)`,
    )
  }
  return [...notes]
}

/** Two folders in one table: what one of them has applied would be missing, or done already, to the other. */
function refuseShared(targets: readonly Staged<ConnectedTarget>[]): void {
  const seen = new Map<string, ConnectedTarget>()
  for (const one of targets.filter((one) => one.stopped === undefined)) {
    const { target, found, read } = one
    const key = JSON.stringify([target.identity, found.schema, found.name])
    const other = seen.get(key)?.read.config
    if (other === undefined) {
      seen.set(key, one)
      continue
    }
    const { config } = read
    throw new UserError({
      kind: 'use',
      what: `${other.name} (${other.dsn}) and ${config.name} (${config.dsn}) are one database, ${target.place}, and one history in it, ${found.schema}.${found.name}`,
      fix: `Correct the DSN that is wrong; if both folders do belong there, give each a table of its own in the config (history.table).`,
    })
  }
}

/** Notes that belong to no database of the run are reported with the first one that was connected to. */
function withNotes(
  targets: readonly Staged<ConnectedTarget>[],
  notes: readonly string[],
): readonly Staged<ConnectedTarget>[] {
  const first = targets.find((one) => one.stopped === undefined)
  return targets.map((one) =>
    one === first ? { ...first, found: { ...first.found, notes: [...first.found.notes, ...notes] } } : one,
  )
}

/** Which of their migrations are applied is recorded in a table that nothing here reads or writes. */
function refuseUnknownHistory({ config, schema }: ReadDatabase): void {
  const { migrations, layout } = schema
  const refused = liveRefusal(layout, migrations)
  if (refused === undefined) return
  throw new UserError({
    kind: 'use',
    what: `${config.name}: ${config.folder} holds ${refused.holds}`,
    fix: `${refused.fix}; pg-migration-gate check ${shellWord(config.folder)} proves them.`,
  })
}

function refuseOpenQuestions(read: ReadDatabase, streams: readonly Stream[]): void {
  const { config } = read
  const open = streams.flatMap((stream) => read[stream]?.problems ?? []).find(({ rule }) => OPEN_QUESTIONS.has(rule))
  if (open === undefined) return
  const fix = `Fix the files: pg-migration-gate check ${shellWord(config.folder)} shows every problem.`
  throw new UserError({ kind: 'use', what: `${config.name}: ${open.message}`, fix })
}

/** Which database loses data is never left to chance. */
function requireOne(databases: readonly DatabaseConfig[], request: LiveRequest): void {
  if (databases.length === 1) return
  const { what, command } = severalAtOnce(request)
  const each = databases.map(({ name }) => `pg-migration-gate ${command} ${databaseWords(request, name)}`)
  throw new UserError({ kind: 'use', what, fix: `Name one: ${each.join(', or ')}` })
}

function severalAtOnce({ command }: LiveRequest): { readonly what: string; readonly command: string } {
  if (command === 'baseline') {
    return { what: 'cannot record one version for several databases at once', command: 'baseline --to VERSION' }
  }
  if (command === 'restore') return { what: 'cannot restore several databases at once', command }
  return { what: 'cannot roll back all databases at once', command: command === 'seed' ? 'seed --down' : command }
}
