// The library: the commands as functions for applications and test suites. It prints nothing and handles no signal.
import type { LiveRequest, Request } from '../requests/request.js'
import type { LiveReport } from '../report/run-report.js'
import type { Report } from '../report/check-report.js'
import type { TestServer } from './library/run.js'

export type { TestServer } from './library/run.js'
export type { Difference } from '../catalog/difference.js'
export type { Finding } from '../model/finding.js'
export type { LiveReport, StepReport, TargetReport } from '../report/run-report.js'
export type { DatabaseReport, MigrationReport, Proof, Report, ScriptFailure } from '../report/check-report.js'

/**
 * Options of every function. `root` is the repository (default: the working directory). `path` is the folder or folders of
 * the migrations below it (default: `migrations`). `config` is the config file. `signal` ends a run after the current step.
 * `log` gets messages that are not part of a report.
 */
export type Options = {
  readonly root?: string
  readonly path?: string | readonly string[]
  readonly config?: string
  readonly signal?: AbortSignal
  readonly log?: (line: string) => void
}

/**
 * `dsns` are connection strings (`postgres://..`) by database. A missing one comes from its variable (`CORE_DB_DSN`).
 * `environment` is the environment of the databases (default: APP_ENV, else `development`). Times are in milliseconds: `wait`
 * for a server or database that is not up yet (0), `lockTimeout` for one attempt to get a lock (5,000), `statementTimeout`
 * for one statement (default: the setting of the server).
 */
export type LiveOptions = Options & {
  readonly dsns?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly wait?: number
  readonly lockTimeout?: number
  readonly statementTimeout?: number
}

/**
 * `to` is the last version to apply. `allowLate` also applies out-of-order migrations (below the newest applied version).
 * `allowExisting` also begins in a database that has tables, but no history that explains them.
 */
export type UpOptions = LiveOptions & {
  readonly to?: string
  readonly allowLate?: boolean
  readonly allowExisting?: boolean
  readonly dryRun?: boolean
}

/** `to` is the newest version that stays applied (`0`: none). `steps` is the number of migrations to roll back (1). */
export type DownOptions = LiveOptions & { readonly to?: string; readonly steps?: number; readonly dryRun?: boolean }

/** `databases`: names, default all. `drift` also compares the live schema with the migrations. */
export type StatusOptions = LiveOptions & { readonly databases?: readonly string[]; readonly drift?: boolean }

/**
 * `server` is a PostgreSQL for scratch databases. Without it, a server is started and removed. `postgres` is its major
 * version. `failOn: 'warning'` is stricter.
 */
export type ProveOptions = Options & {
  readonly databases?: readonly string[]
  readonly server?: string
  readonly postgres?: number
  readonly disposableServer?: boolean
  readonly failOn?: 'error' | 'warning'
}

/**
 * Why a function failed. `kind`: `use` for wrong options, files or config; `environment` for server or rights;
 * `cancelled` by the signal; `fail` for a failed verdict; `unfinished` if a database was changed, but not as asked.
 * The message is for people. `report` is set if the run got far enough to have one.
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly kind: 'use' | 'environment' | 'cancelled' | 'fail' | 'unfinished'
  readonly fix: string | undefined
  readonly report: Report | LiveReport | undefined

  constructor(options: {
    readonly kind: MigrationError['kind']
    readonly what: string
    readonly fix?: string
    readonly report?: Report | LiveReport
  }) {
    super(options.what)
    this.kind = options.kind
    this.fix = options.fix
    this.report = options.report
  }
}

/** Applies the pending migrations of one database. Rejects with a MigrationError unless all are applied. */
export async function migrateUp(database: string, options: UpOptions = {}): Promise<LiveReport> {
  return passed(await live(upRequest([database], options), options))
}

/** Applies the pending migrations of all databases. After a failure no other database starts. */
export async function migrateAllUp(options: UpOptions = {}): Promise<LiveReport> {
  return passed(await live(upRequest([], options), options))
}

/** Rolls back the newest migration of one database, or several. Rejects with a MigrationError if that fails. */
export async function migrateDown(database: string, options: DownOptions = {}): Promise<LiveReport> {
  const { to, steps, dryRun = false } = options
  return passed(await live({ ...common('down', [database], options), to, steps, dryRun }, options))
}

/** The migration status of each database. A database that cannot be reached is in the report (`stopped`). */
export async function migrateStatus(options: StatusOptions = {}): Promise<LiveReport> {
  const { databases = [], drift = false } = options
  return (await live({ ...common('status', databases, options), check: false, drift }, options)).report
}

/**
 * Proves every migration up, down and up again on scratch databases, as `check` does. Unless the verdict is pass, it rejects
 * with a MigrationError whose message is the whole report, so a test is one line.
 */
export async function prove(options: ProveOptions = {}): Promise<Report> {
  const { databases = [], server, postgres, disposableServer = false, failOn = 'error' } = options
  const request = {
    ...({ command: 'check', paths: pathsOf(options), config: options.config, databases } as const),
    ...({ server, postgres, disposableServer, proof: 'guided', impact: 'measured', unit: undefined, failOn } as const),
    ...({ against: { event: 'nothing' }, scope: 'all', updateDebt: false, fix: false } as const),
  }
  return passed(await call<Report>(request, options, {}))
}

/** Starts a PostgreSQL for a test suite. `stop` removes it with all its databases. `postgres` is the major version. */
export async function startServer(
  options: { readonly root?: string; readonly postgres?: number; readonly signal?: AbortSignal } = {},
): Promise<TestServer> {
  const { work } = await load()
  const opened = await work.openTestServer({
    packagesRoot: packagesFor(options),
    major: options.postgres,
    signal: options.signal ?? new AbortController().signal,
  })
  if (opened.end === 'refused') throw new MigrationError(opened)
  return opened.server
}

const load = () => import(/* webpackIgnore: true */ './work.js')

/** Where to find PostgreSQL from npm: next to or below this package, or in the project. */
const packagesFor = ({ root }: Pick<Options, 'root'>): readonly string[] => [import.meta.dirname, root ?? process.cwd()]

const upRequest = (databases: readonly string[], options: UpOptions) => ({
  ...common('up', databases, options),
  to: options.to,
  dryRun: options.dryRun ?? false,
  late: options.allowLate === true ? ('allow' as const) : ('refuse' as const),
  existing: options.allowExisting === true ? ('allow' as const) : ('refuse' as const),
})

const common = <C extends LiveRequest['command']>(command: C, databases: readonly string[], options: LiveOptions) => ({
  command,
  paths: pathsOf(options),
  config: options.config,
  databases,
  server: undefined,
  postgres: undefined,
  disposableServer: false,
  environment: options.environment,
  waitMs: options.wait ?? 0,
  lockMs: options.lockTimeout ?? 5_000,
  statementMs: options.statementTimeout,
})

const pathsOf = ({ path = [] }: Options): readonly string[] => (typeof path === 'string' ? [path] : path)

type Ended<R> = { readonly report: R; readonly text: string }

const live = (request: LiveRequest, options: LiveOptions): Promise<Ended<LiveReport>> =>
  call<LiveReport>(request, options, options.dsns ?? {})

async function call<R extends Report | LiveReport>(
  request: Request,
  options: Options,
  dsns: Readonly<Record<string, string>>,
): Promise<Ended<R>> {
  const { work } = await load()
  const ended = await work.runLibrary({
    request,
    dsns,
    root: options.root ?? process.cwd(),
    packagesRoot: packagesFor(options),
    signal: options.signal ?? new AbortController().signal,
    log: options.log ?? (() => undefined),
  })
  if (ended.end === 'refused') throw new MigrationError(ended)
  return { report: ended.report as R, text: ended.text }
}

function passed<R extends Report | LiveReport>({ report, text }: Ended<R>): R {
  if (report.verdict === 'pass') return report
  throw new MigrationError({ kind: report.verdict, what: text.trim(), report })
}
