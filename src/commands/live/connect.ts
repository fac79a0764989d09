// Prepares the databases of a run: selects them, reads their files, connects, finds their history and locks.
import { commandText } from '../../model/command.js'
import { liveRefusal } from '../../tools/histories.js'
import { readSettings, type Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import type { Target } from '../../ports/target.js'
import { RULES } from '../../rules/index.js'
import type { Lock } from '../../state/history.js'
import { refuseUnknownOrder, selectDatabases } from '../shared/databases.js'
import { readDatabase, type ReadDatabase } from '../shared/read-database.js'
import type { LiveRequest } from '../../requests/request.js'
import { checkCommand, databaseWords, dryRunWords, extentWords } from '../../requests/suggested-command.js'
import type { World } from '../shared/context.js'
import { findHistory } from './history.js'
import { asToolReads, leftOutNotes, refuseRefusedNames } from '../../tools/as-tool-reads.js'
import type { Run } from './run.js'
import { stoppedBy, type ConnectedTarget, type Staged } from './target.js'

/** What a command requires before it starts: exactly one database, and which of its files must be valid. */
export type Demands = { readonly count: 'one' | 'any'; readonly streams?: readonly Stream[] }

type Stream = 'schema' | 'seeds'

/** Problems of files that make the steps unclear. Nothing runs before they are fixed. */
const OPEN_QUESTIONS = new Set(['duplicate-version', 'unreadable'])

/**
 * Connects to every database of the request while its files are read. The end of the run closes the connections.
 * Rejects with a UserError of kind `use` for files that cannot run; nothing has run then.
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
  for (const read of reads) refuseUnknownHistory(read, request)
  for (const read of reads) {
    refuseRefusedNames(read, streams, checkCommand(request, read.config))
    refuseOpenQuestions(read, streams, request)
  }
  const targets = await Promise.all(reads.map((read, i) => connectTarget(read, connections[i], run)))
  refuseShared(targets)
  const notes = [
    ...linked.map(({ path, reason }) => `passed over: ${path} is ${reason}`),
    ...(await settingsNotes(reads, files)),
  ]
  return { settings, targets: withNotes(targets, notes) }
}

type Connection = { readonly target: Target; readonly production: boolean }

/** Begins all connections. The end of the run closes them, including those that are still opening. */
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
    const history = await findHistory({ target, read, stream: 'schema' })
    const about = databaseWords(request, read.config.name)
    const check = checkCommand(request, read.config)
    const seen = asToolReads(read, history.history, { about, check })
    return {
      read: seen,
      about,
      check,
      target,
      found: { ...history, notes: [...history.notes, ...leftOutNotes(seen, check)] },
      environment,
      production,
      milliseconds: 0,
    }
  } catch (error) {
    return { read, stopped: stoppedBy(error) }
  }
}

/** Another run may have created the history in the meantime. */
export async function findHistoryAgain(connected: ConnectedTarget): Promise<ConnectedTarget> {
  const { target, read, found, check } = connected
  if (found.exists) return connected
  const again = await findHistory({ target, read, stream: 'schema' })
  const seen = asToolReads(read, again.history, connected)
  return { ...connected, read: seen, found: { ...again, notes: [...again.notes, ...leftOutNotes(seen, check)] } }
}

/**
 * Locks every target before its status is read, so nothing changes between that and the first step. The end of the run
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
  // Two folders may belong to the same database, and a run must not wait for itself.
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
      // A run that held the locks before may have created the history.
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

/** In the order of the config. Databases that it does not name come last, in their order. */
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

/** What the tool's own config file says about the table, if our config does not. */
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

/** Two folders in one table: the applied migrations of one would look missing or done to the other. */
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

/** Notes that belong to no database are reported with the first connected one. */
function withNotes(
  targets: readonly Staged<ConnectedTarget>[],
  notes: readonly string[],
): readonly Staged<ConnectedTarget>[] {
  const first = targets.find((one) => one.stopped === undefined)
  return targets.map((one) =>
    one === first ? { ...first, found: { ...first.found, notes: [...first.found.notes, ...notes] } } : one,
  )
}

/** This program neither reads nor writes the table of such a tool. */
function refuseUnknownHistory({ config, schema }: ReadDatabase, request: LiveRequest): void {
  const { migrations, layout } = schema
  const refused = liveRefusal(layout, migrations)
  if (refused === undefined) return
  throw new UserError({
    kind: 'use',
    what: `${config.name}: ${config.folder} holds ${refused.holds}`,
    fix: `${refused.fix}; ${checkCommand(request, config)} proves them.`,
  })
}

function refuseOpenQuestions(read: ReadDatabase, streams: readonly Stream[], request: LiveRequest): void {
  const { config } = read
  const open = streams.flatMap((stream) => read[stream]?.problems ?? []).find(({ rule }) => OPEN_QUESTIONS.has(rule))
  if (open === undefined) return
  const fix = `Fix the files: ${checkCommand(request, config)} shows every problem.`
  throw new UserError({ kind: 'use', what: `${config.name}: ${open.message}`, fix })
}

/** A command that may lose data never guesses its database. */
function requireOne(databases: readonly DatabaseConfig[], request: LiveRequest): void {
  if (databases.length === 1) return
  const each = databases.map(({ name }) =>
    commandText(
      [request.command, databaseWords(request, name), ...extentWords(request), ...dryRunWords(request)].join(' '),
    ),
  )
  throw new UserError({
    kind: 'use',
    what: SEVERAL[request.command] ?? ROLLS_BACK,
    fix: `Name one: ${each.join(', or ')}`,
  })
}

const ROLLS_BACK = 'cannot roll back all databases at once'
const SEVERAL: Readonly<Partial<Record<LiveRequest['command'], string>>> = {
  baseline: 'cannot record one version for several databases at once',
  restore: 'cannot restore several databases at once',
}
