// Live databases for tests: on a real server of their own, each made for one test, with migrations in a folder.
import { afterAll, beforeAll } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import type {
  BaselineRequest,
  DownRequest,
  LiveOptions,
  RedoRequest,
  StatusRequest,
  UpRequest,
} from '../../src/requests/request.js'
import type { World } from '../../src/commands/shared/context.js'
import { systemClock } from '../../src/adapters/host/clock.js'
import { createRepository } from '../../src/adapters/host/git/repository.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { silentProgress } from '../../src/adapters/host/progress.js'
import { createScratchServer } from '../../src/adapters/postgres/scratch/server.js'
import type { Cluster, Clusters } from '../../src/adapters/postgres/cluster.js'
import { provideServer } from '../../src/adapters/postgres/server/provide.js'
import { createTargets } from '../../src/adapters/postgres/live/open.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { CANARY } from './canary.js'
import { lent } from './check.js'
import { createShell } from '../../src/adapters/host/shell.js'
import { createBackups } from '../../src/adapters/postgres/backup/open.js'
import type { BackupTools } from '../../src/adapters/postgres/backup/tools.js'
import { NOTHING } from './nothing.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

export type LiveServer = {
  readonly cluster: Cluster
  /** The same server as what scratch databases are made on. */
  readonly server: ScratchServer
  /** A new, empty database; its DSN is key=value text. */
  readonly database: (name?: string) => Promise<LiveDatabase>
  readonly close: () => Promise<void>
}

export type LiveDatabase = {
  readonly name: string
  readonly dsn: string
  /** Rows of the last statement, values as pg gives them. */
  readonly query: (sql: string) => Promise<readonly Record<string, unknown>[]>
  /** A session of its own, which the test ends or leaves to `close` of the server. */
  readonly session: () => Promise<pg.Client>
}

/** A server for the tests of a file: started before the first of them, closed after the last. */
export function serverForTests(): LiveServer {
  let running: LiveServer | undefined
  beforeAll(async () => {
    running = await startLive()
  }, 120_000)
  afterAll(() => running?.close())
  const started = (): LiveServer => {
    if (running === undefined) throw new Error('the server is there only while tests run')
    return running
  }
  return {
    get cluster() {
      return started().cluster
    },
    get server() {
      return started().server
    },
    database: (name) => started().database(name),
    close: () => started().close(),
  }
}

/** Must be closed. With `folder` the server of the platform package there. */
export async function startLive(folder?: string): Promise<LiveServer> {
  const clusters: Clusters = await provideServer({
    server: undefined,
    disposable: false,
    packagesRoot: [folder ?? ROOT],
    major: folder === undefined ? undefined : Number(/postgres-(\d+)/.exec(folder)?.[1]),

    signal: new AbortController().signal,
    environment: process.env,
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  })
  const cluster = clusters.main
  const clients: pg.Client[] = []
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...cluster.connection(database), application_name: 'test' })
    client.on('error', () => undefined)
    await client.connect()
    clients.push(client)
    return client
  }
  const keeper = await connect(cluster.maintenance)
  const server = createScratchServer(clusters, systemClock)
  // A third of the time of the default.
  const strategy = cluster.report.major >= 15 ? ' STRATEGY file_copy' : ''
  return {
    cluster,
    server,
    database: async (given) => {
      const name = given ?? `live_${randomBytes(6).toString('hex')}`
      await keeper.query(`CREATE DATABASE ${name}${strategy}`)
      return {
        name,
        dsn: dsnOf(cluster, name),
        session: () => connect(name),
        query: async (sql) => {
          const client = await connect(name)
          const result = await client.query(sql)
          await client.end()
          const last: unknown = Array.isArray(result) ? result.at(-1) : result
          return (last as pg.QueryResult<Record<string, unknown>>).rows
        },
      }
    },
    close: async () => {
      for (const client of clients) await client.end().catch(() => undefined)
      await server.close()
    },
  }
}

/** `host` may be a folder with a socket. A server that asks for no password gets the canary, and does not look at it. */
export function dsnOf(cluster: Pick<Cluster, 'connection'>, database: string, more = ''): string {
  const { host, port, user, password } = cluster.connection(database)
  const words = { host, port, user, password: typeof password === 'string' ? password : CANARY, dbname: database }
  const said = Object.entries(words).filter(([, value]) => value !== undefined)
  return `${said.map(([name, value]) => `${name}='${String(value)}'`).join(' ')} ${more}`.trim()
}

/** Where a command works and how long it waits, unless a test asks for something else. */
export const LIVE_OPTIONS: LiveOptions = {
  paths: [],
  config: undefined,
  databases: [],
  server: undefined,
  postgres: undefined,
  disposableServer: false,
  environment: undefined,
  waitMs: 0,
  lockMs: 5_000,
  statementMs: undefined,
}

type Asked<R> = Partial<Omit<R, 'command'>>

export const upRequest = (more: Asked<UpRequest> = {}): UpRequest => ({
  ...LIVE_OPTIONS,
  command: 'up',
  to: undefined,
  dryRun: false,
  late: 'refuse',
  existing: 'refuse',
  ...more,
})
export const downRequest = (more: Asked<DownRequest> = {}): DownRequest => ({
  ...LIVE_OPTIONS,
  command: 'down',
  to: undefined,
  steps: undefined,
  dryRun: false,
  ...more,
})
export const redoRequest = (more: Asked<RedoRequest> = {}): RedoRequest => ({
  ...LIVE_OPTIONS,
  command: 'redo',
  dryRun: false,
  ...more,
})
export const statusRequest = (more: Asked<StatusRequest> = {}): StatusRequest => ({
  ...LIVE_OPTIONS,
  command: 'status',
  check: false,
  drift: false,
  ...more,
})
export const baselineRequest = (more: Asked<BaselineRequest> = {}): BaselineRequest => ({
  ...LIVE_OPTIONS,
  command: 'baseline',
  to: undefined,
  differences: 'refuse',
  clearDirty: false,
  ...more,
})

/** What a command needs in a folder, with the DSNs that the variables hold. */
export function worldIn(
  folder: string,
  variables: Readonly<Record<string, string>>,
  more: Pick<Partial<World>, 'signal' | 'forge' | 'origin' | 'clock'> & {
    readonly server?: ScratchServer
    readonly backups?: Partial<BackupTools>
  } = {},
): World {
  const { server, clock = systemClock } = more
  const environment = { ...process.env, ...variables }
  const shell = createShell({ root: folder, environment })
  const machine = { environment, platform: process.platform, arch: process.arch }
  return {
    ...NOTHING,
    backups: createBackups({
      root: folder,
      now: clock.now,
      shell,
      machine: { ...machine, uid: process.getuid?.(), gid: process.getgid?.() },
      withScratch: () => Promise.reject(new Error('no scratch server was meant to be needed')),
      ...more.backups,
    }),
    shell,
    origin: more.origin ?? NOTHING.origin,
    files: createFiles(folder),
    repository: createRepository({ root: folder, environment: process.env }),
    forge: more.forge,
    clock,
    environment: variables,
    startServer: () =>
      server === undefined
        ? Promise.reject(new Error('no server was meant to be needed'))
        : Promise.resolve(lent(server)),
    targets: createTargets({ environment: { ...process.env, ...variables } }),
    modules: { call: () => Promise.reject(new Error('no seed is a module')) },
    progress: silentProgress,
    signal: more.signal ?? new AbortController().signal,
    cores: 2,
    tool: { name: 'pg-migration-gate', version: '1.2.3' },
  }
}
