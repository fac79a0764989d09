// The ScratchServer port on real clusters: scratch databases for the proof of one chain after another.
import { UserError } from '../../../model/errors.js'
import type { Script } from '../../../model/migration.js'
import type { Clock } from '../../../ports/host.js'
import type { ScratchEnvironment, ScratchEnvironmentOptions, ScratchServer } from '../../../ports/scratch.js'
import { installFunctions } from '../catalog/install.js'
import type { Cluster, Clusters } from '../cluster.js'
import { rememberRoles } from './roles.js'
import { claimNames } from './scratch-names.js'
import { ScratchDatabase, type ScratchOptions } from './database.js'
import { openSession, type Session } from '../session.js'

/** Closing it closes its environments first, then the clusters. */
export function createScratchServer(clusters: Clusters, clock: Pick<Clock, 'elapsed'>): ScratchServer {
  let line: Promise<unknown> = Promise.resolve()
  const open = new Set<ScratchEnvironment>()
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await Promise.allSettled([...open].map((environment) => environment.close()))
    await clusters.close()
  }
  return {
    report: clusters.main.report,
    openEnvironment: async (options) => {
      if (!options.clusterWide)
        return keep(open, await makeEnvironment({ cluster: clusters.main, options, clock, last: undefined }))
      if (clusters.another !== undefined) {
        const cluster = await clusters.another()
        return keep(open, await makeEnvironment({ cluster, options, clock, last: () => cluster.stop() }))
      }
      if (!clusters.disposable) throw notDisposable()
      const before = line
      let done: () => void = () => undefined
      line = new Promise<void>((resolve) => (done = resolve))
      await before
      try {
        return keep(open, await makeEnvironment({ cluster: clusters.main, options, clock, last: () => release(done) }))
      } catch (error) {
        done()
        throw error
      }
    },
    close: () => (closing ??= close()),
  }
}

function release(done: () => void): Promise<void> {
  done()
  return Promise.resolve()
}

/** Closes once, even if asked several times. Closing the server waits for this to end. */
function keep(open: Set<ScratchEnvironment>, environment: ScratchEnvironment): ScratchEnvironment {
  let closing: Promise<void> | undefined
  const kept = { ...environment, close: () => (closing ??= environment.close().finally(() => open.delete(kept))) }
  open.add(kept)
  return kept
}

const notDisposable = (): UserError =>
  new UserError({
    kind: 'environment',
    what: 'These migrations change roles, tablespaces or settings of the whole server. A check must not do that on a server that others may use.',
    fix: 'If the server exists only for this run, set --disposable-server (input disposable-server: true). Or leave out --server, so that a private server is started.',
  })

type Making = {
  readonly cluster: Cluster
  readonly options: ScratchEnvironmentOptions
  readonly clock: Pick<Clock, 'elapsed'>
  readonly last: (() => Promise<void>) | undefined
}

async function makeEnvironment({ cluster, options, clock, last }: Making): Promise<ScratchEnvironment> {
  const maintenance = await openMaintenanceSession(cluster, options.clusterWide)
  let roles: Awaited<ReturnType<typeof rememberRoles>> | undefined
  let newName: () => string
  try {
    newName = await claimNames(maintenance, cluster)
    await requireExtensions(maintenance, options.extensions ?? [])
    roles = options.clusterWide ? await rememberRoles(maintenance) : undefined
  } catch (error) {
    await maintenance.close()
    throw error
  }
  const living = new Set<ScratchDatabase>()
  const made = new Set<string>()
  let closed = false
  const make = async (template: string | undefined): Promise<string> => {
    if (closed) throw await cluster.explain()
    const name = newName()
    made.add(name)
    await createDatabase({ maintenance, cluster, name, template })
    return name
  }
  const drop = async (name: string): Promise<void> => {
    await dropDatabase(maintenance, name)
    made.delete(name)
  }
  const functions = installFunctions({ major: cluster.report.major, roles: options.clusterWide })

  const describe = (name: string): ScratchOptions => ({
    name,
    server: { major: cluster.report.major, role: cluster.role },
    session: options.session,
    snapshots: options.snapshots,
    functions,
    elapsed: clock.elapsed,
    connect: () => openSession(cluster.connection(name), cluster.explain),
    drop: () => drop(name),
  })
  const environment: ScratchEnvironment = {
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
    reset: async () => {
      await roles?.restore(maintenance)
    },
    close: async () => {
      closed = true
      try {
        for (const scratch of living) await scratch.drop().catch(() => undefined)
        // A database that is still being made is not in `living` yet.
        for (const name of made) await drop(name).catch(() => undefined)
        await roles?.restore(maintenance)
      } finally {
        await maintenance.close()
        await last?.()
      }
    },
  }
  return environment
}

/**
 * A chain may revoke rights of the role that it runs as. So an own cluster has another role, unknown to the chain, that
 * can still drop the scratch databases.
 */
async function openMaintenanceSession(cluster: Cluster, clusterWide: boolean): Promise<Session> {
  const config = cluster.connection(cluster.maintenance)
  const session = await openSession(config, cluster.explain)
  if (cluster.kind === 'given' || !clusterWide) return session
  await session.send('CREATE ROLE migration_gate_keeper SUPERUSER LOGIN')
  await session.close()
  return openSession({ ...config, user: 'migration_gate_keeper' }, cluster.explain)
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
async function createDatabase(options: {
  maintenance: Session
  cluster: Cluster
  name: string
  template: string | undefined
}): Promise<void> {
  const { maintenance, cluster, name, template } = options
  const strategy = cluster.kind === 'own' && cluster.report.major >= 15 ? ' STRATEGY file_copy' : ''
  await maintenance.send(`CREATE DATABASE "${name}" TEMPLATE "${template ?? 'template0'}"${strategy}`)
}

/** FORCE ends connections that a script may have left (dblink, background workers). */
async function dropDatabase(maintenance: Session, name: string): Promise<void> {
  await maintenance.send(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
}
