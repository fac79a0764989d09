// The environment for the proof of one chain: its scratch databases, and the server where it has one for itself.
import { UserError } from '../../../model/errors.js'
import type { Script } from '../../../model/migration.js'
import type { Clock } from '../../../ports/host.js'
import type { ScratchEnvironment, ScratchEnvironmentOptions, Unseen } from '../../../ports/scratch.js'
import { installFunctions } from '../catalog/install.js'
import { KEEPER } from '../catalog/shared.js'
import type { Cluster } from '../cluster.js'
import { isDatabaseError, openSession, type Session } from '../session.js'
import { openWatch } from '../watch/open-watch.js'
import { ScratchDatabase, type ScratchOptions } from './database.js'
import { claimNames } from './scratch-names.js'
import { dropTablespaces, findUnseen, freeDatabase, rememberServer, type RememberedServer } from './server-state.js'

/**
 * `fresh` starts another cluster in the place of `cluster`, which belongs to this chain alone then; undefined where other
 * chains use it too, or where it is given.
 */
export type EnvironmentInput = {
  readonly cluster: Cluster
  readonly fresh: (() => Promise<Cluster>) | undefined
  readonly options: ScratchEnvironmentOptions
  readonly clock: Pick<Clock, 'elapsed'>
}

/** A cluster with the session that makes and drops databases there. `remembered`: what it was like before the chain. */
type Home = {
  readonly cluster: Cluster
  readonly maintenance: Session
  readonly newName: () => string
  readonly remembered: RememberedServer | undefined
  readonly unseen: readonly Unseen[]
}

export async function makeEnvironment({
  cluster,
  fresh,
  options,
  clock,
}: EnvironmentInput): Promise<ScratchEnvironment> {
  let home = await settleIn(cluster, options)
  const living = new Set<ScratchDatabase>()
  const made = new Set<string>()
  let closed = false
  const make = async (template: string | undefined): Promise<string> => {
    if (closed) throw await home.cluster.explain()
    const name = home.newName()
    made.add(name)
    await createDatabase(home, name, template)
    return name
  }
  // A cluster that goes with its databases needs no DROP, which a subscription or a slot of the database refuses.
  const drop = async (name: string): Promise<void> => {
    if (fresh === undefined) await dropDatabase(home, name)
    made.delete(name)
  }
  const empty = async (): Promise<void> => {
    for (const scratch of living) await scratch.drop().catch(() => undefined)
    // A database that is still being made is not in `living` yet.
    for (const name of made) await drop(name).catch(() => undefined)
  }
  const leave = async (): Promise<void> => {
    if (fresh !== undefined) await dropTablespaces(home.maintenance)
    await home.maintenance.close()
    if (fresh !== undefined) await home.cluster.stop()
  }
  const functions = installFunctions({ major: cluster.report.major, server: options.clusterWide ? 'held' : 'refused' })

  const describe = (name: string): ScratchOptions => ({
    name,
    server: { major: home.cluster.report.major, role: home.cluster.role },
    session: options.session,
    snapshots: options.snapshots,
    functions,
    elapsed: clock.elapsed,
    connect: () => connect(home.cluster, name),
    drop: () => drop(name),
  })
  return {
    open: async () => {
      const name = await make(undefined)
      const scratch = await enlist(
        living,
        () => ScratchDatabase.open(describe(name), undefined),
        () => drop(name),
      )
      await setUp(scratch, options.setup)
      return scratch
    },
    // A copy of a database does not include what its session holds.
    copies: !options.clusterWide && options.session === 'reset',
    unseen: home.unseen,
    copy: async (source) => {
      if (!(source instanceof ScratchDatabase)) throw new Error('not a scratch database of this server')
      if (source.known().get('database') !== PLAIN_DATABASE) return undefined
      const name = await source.whileClosed(() => make(source.options.name))
      return enlist(
        living,
        () => ScratchDatabase.open(describe(name), source.state.copy()),
        () => drop(name),
      )
    },
    watch: (scratch, settings) => {
      if (!(scratch instanceof ScratchDatabase)) throw new Error('not a scratch database of this server')
      const { name } = scratch.options
      const zone = settings?.timezone === undefined ? '' : ` -c timezone=${settings.timezone}`
      return openWatch({
        connect: () => connect(home.cluster, name, `${WATCHED}${zone}`),
        elapsed: clock.elapsed,
        ...(settings && { settings }),
      })
    },
    reset: async () => {
      await empty()
      if (fresh === undefined) return home.remembered?.restore(home.maintenance, 'complain')
      const next = fresh()
      next.catch(() => undefined)
      await leave()
      home = await settleIn(await next, options)
    },
    close: async () => {
      closed = true
      try {
        await empty()
        await home.remembered?.restore(home.maintenance, 'try')
      } finally {
        await leave()
      }
    },
  }
}

async function settleIn(cluster: Cluster, options: ScratchEnvironmentOptions): Promise<Home> {
  const maintenance = await openMaintenanceSession(cluster, options.clusterWide)
  try {
    const newName = await claimNames(maintenance, cluster)
    await requireExtensions(maintenance, options.extensions ?? [])
    const isShared = options.clusterWide && cluster.kind === 'given'
    const remembered = isShared ? await rememberServer(maintenance, cluster.report.major) : undefined
    return { cluster, maintenance, newName, remembered, unseen: isShared ? await findUnseen(maintenance) : [] }
  } catch (error) {
    await maintenance.close()
    throw error
  }
}

/**
 * A chain may revoke rights of the role that it runs as. So an own cluster has another role, unknown to the chain, that
 * can still drop the scratch databases.
 */
async function openMaintenanceSession(cluster: Cluster, clusterWide: boolean): Promise<Session> {
  const config = cluster.connection(cluster.maintenance)
  const session = await openSession(config, cluster.explain)
  if (!clusterWide) return session
  if (cluster.kind === 'given') return lasting(session, () => openSession(config, cluster.explain))
  await session.send(`CREATE ROLE ${KEEPER} SUPERUSER LOGIN`)
  await session.close()
  return openSession({ ...config, user: KEEPER }, cluster.explain)
}

/** A script may end all other connections of the server. Then the next message goes through a new one. */
function lasting(first: Session, open: () => Promise<Session>): Session {
  let session = first
  return {
    ...first,
    send: (text) =>
      session.send(text).catch(async (error: unknown) => {
        if (isDatabaseError(error)) throw error
        session = await open()
        return session.send(text)
      }),
    close: () => session.close(),
  }
}

/**
 * Only scripts use a scratch database, so who waits longer than this for a lock waits for one that a script has left: in
 * another session, or in a prepared transaction. A script may set another limit. And what it commits need not survive a
 * crash, so nothing waits for the disk.
 */
const SESSION = '-c lock_timeout=5s -c synchronous_commit=off'

/** A script on made-up rows may run without end. What asks the catalogue runs seldom, and is not worth compiling. */
const WATCHED = '-c statement_timeout=30s -c jit=off'

/** A chain may leave a server that lets its role in no more, or not with its settings. */
async function connect(cluster: Cluster, database: string, more = ''): Promise<Session> {
  const config = cluster.connection(database)
  const options = [config.options ?? '', SESSION, more].join(' ').trim()
  try {
    return await openSession({ ...config, options }, cluster.explain)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    throw new UserError({
      kind: 'environment',
      what: `The scratch server takes no connection any more: ${error.message} (SQLSTATE ${error.code ?? ''}). A script changed the role, the settings or the rights that the check connects with.`,
      fix: 'Change roles and settings of the application in migrations, not those of the role that runs them.',
      cause: error,
    })
  }
}

async function enlist(
  living: Set<ScratchDatabase>,
  open: () => Promise<ScratchDatabase>,
  undo: () => Promise<void>,
): Promise<ScratchDatabase> {
  const scratch = await open().catch(async (error: unknown) => {
    await undo().catch(() => undefined)
    throw error
  })
  living.add(scratch)
  const drop = scratch.drop.bind(scratch)
  scratch.drop = async () => {
    if (living.delete(scratch)) await drop()
  }
  return scratch
}

async function setUp(scratch: ScratchDatabase, setup: readonly Script[]): Promise<void> {
  for (const script of setup) {
    const ran = await scratch.run(script, 'up')
    if (ran.ok) continue
    const at = ran.failure.place
    throw new UserError({
      kind: ran.failure.environment === undefined ? 'use' : 'environment',
      what: `Setup ${at === undefined ? script.file : `${at.file}:${at.line}:${at.column}`} failed: ${ran.failure.message} (${ran.failure.sqlstate})`,
      fix: ran.failure.environment ?? 'Fix the file, or remove it from `setup` in migration-gate.yml.',
    })
  }
  // Settings of ALTER DATABASE or ALTER ROLE .. SET apply to new connections only.
  if (setup.length > 0) await scratch.whileClosed(() => Promise.resolve())
}

async function requireExtensions(maintenance: Session, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const rows = (await maintenance.send('SELECT name FROM pg_available_extensions')).at(-1)?.rows ?? []
  const offered = new Set(rows.map((row) => String((row as readonly unknown[])[0])))
  const missing = names.filter((name) => !offered.has(name))
  if (missing.length === 0) return
  throw new UserError({
    kind: 'environment',
    what: `The server offers no extension ${missing.join(', ')}, which the config requires.`,
    fix: 'Install it on the server, or name another one with --server.',
  })
}

/** The database itself has no settings, grants or comment, which a template would not copy. */
const PLAIN_DATABASE = '[["database", "database", {}]]'

/** Copying files is the fastest strategy on a throw-away server. On a given server the default causes less load. */
async function createDatabase(
  { maintenance, cluster }: Home,
  name: string,
  template: string | undefined,
): Promise<void> {
  const strategy = cluster.kind === 'own' && cluster.report.major >= 15 ? ' STRATEGY file_copy' : ''
  await maintenance.send(`CREATE DATABASE "${name}" TEMPLATE "${template ?? 'template0'}"${strategy}`)
}

/** FORCE ends connections that a script may have left (dblink, background workers). */
async function dropDatabase(
  { maintenance, cluster }: Pick<Home, 'maintenance' | 'cluster'>,
  name: string,
): Promise<void> {
  const sql = `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`
  try {
    await maintenance.send(sql)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await freeDatabase(await connect(cluster, name))
    await maintenance.send(sql)
  }
}
