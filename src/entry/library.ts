// The library: the commands as functions, for an application's start-up and for test suites. Prints nothing, handles no signal.
import type { LiveRequest, Request } from '../commands/shared/request.js'
import type { LiveReport } from '../report/run-report.js'
import type { Report } from '../report/check-report.js'
import type { TestServer } from './library/run.js'

export type { TestServer } from './library/run.js'
export type { Difference } from '../catalog/difference.js'
export type { Finding } from '../model/finding.js'
export type { LiveReport, StepReport, TargetReport } from '../report/run-report.js'
export type { DatabaseReport, MigrationReport, Proof, Report, ScriptFailure } from '../report/check-report.js'

/**
 * What every function takes. `root` is the repository (the working directory), `path` the folder or folders of the
 * migrations below it (`migrations`), `config` the config file. `signal` ends a run after the step that it is at. `log` gets
 * sentences that belong to no report.
 */
export type Options = {
  readonly root?: string
  readonly path?: string | readonly string[]
  readonly config?: string
  readonly signal?: AbortSignal
  readonly log?: (line: string) => void
}

/**
 * `dsns` are addresses (`postgres://..`) by database; for one that is not there the variable counts that the config names
 * (`CORE_DB_DSN`). `environment` is the target's (`development` unless APP_ENV says more). Times are milliseconds:
 * `wait` for a server or database that is not there yet (0), `lockTimeout` for one attempt at a lock (5,000),
 * `statementTimeout` for one statement (as the server has it).
 */
export type LiveOptions = Options & {
  readonly dsns?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly wait?: number
  readonly lockTimeout?: number
  readonly statementTimeout?: number
}

/** `to` is the last version that is applied; `allowLate` also applies what lies below the newest applied one. */
export type UpOptions = LiveOptions & {
  readonly to?: string
  readonly allowLate?: boolean
  readonly dryRun?: boolean
}

/** `to` is the version that stays applied (`0`: none), `steps` how many are taken back (1). */
export type DownOptions = LiveOptions & { readonly to?: string; readonly steps?: number; readonly dryRun?: boolean }

/** `databases`: all of them unless named. `drift` also compares the live schema with the one that the files make. */
export type StatusOptions = LiveOptions & { readonly databases?: readonly string[]; readonly drift?: boolean }

/**
 * `server` is a PostgreSQL on which scratch databases may be made; without it one is started and removed. `postgres` is the
 * major version. `failOn: 'warning'` is stricter.
 */
export type ProveOptions = Options & {
  readonly databases?: readonly string[]
  readonly server?: string
  readonly postgres?: number
  readonly disposableServer?: boolean
  readonly failOn?: 'error' | 'warning'
}

/**
 * Why a function did not do what was asked. `kind`: `use` for wrong options, files or config; `environment` for server or
 * rights; `cancelled` by the signal; `fail` for a verdict; `unfinished` where a database was changed and the run did not
 * end as asked. The message is for people; `report` is there once there was something to report.
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

/** Applies what is pending in one database. Rejects with a MigrationError unless all of it is applied. */
export async function migrateUp(database: string, options: UpOptions = {}): Promise<LiveReport> {
  return passed(await live(upRequest([database], options), options))
}

/** The same for all databases of the repository; one failure keeps those that were not begun from starting. */
export async function migrateAllUp(options: UpOptions = {}): Promise<LiveReport> {
  return passed(await live(upRequest([], options), options))
}

/** Takes the newest migration of one database back, or as many as asked. Rejects with a MigrationError unless it did. */
export async function migrateDown(database: string, options: DownOptions = {}): Promise<LiveReport> {
  const { to, steps, dryRun = false } = options
  return passed(await live({ ...common('down', [database], options), to, steps, dryRun }, options))
}

/** Where each database stands. A database that cannot be reached is told in the report (`stopped`). */
export async function migrateStatus(options: StatusOptions = {}): Promise<LiveReport> {
  const { databases = [], drift = false } = options
  return (await live({ ...common('status', databases, options), check: false, drift }, options)).report
}

/**
 * Proves every migration up, down and up again on scratch databases, as `check` does. Rejects with a MigrationError whose
 * message is the whole report unless the verdict is pass, so that a test is one line.
 */
export async function prove(options: ProveOptions = {}): Promise<Report> {
  const { databases = [], server, postgres, disposableServer = false, failOn = 'error' } = options
  const request = {
    ...({ command: 'check', paths: pathsOf(options), config: options.config, databases } as const),
    ...({ server, postgres, disposableServer, proof: 'guided', unit: undefined, failOn } as const),
    ...({ against: { event: 'nothing' }, scope: 'all', updateDebt: false, fix: false } as const),
  }
  return passed(await call<Report>(request, options, {}))
}

/** A PostgreSQL for a test suite: started, and removed by `stop` with everything in it. `postgres` is the major version. */
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

/** PostgreSQL of npm: beside or below this package, or in the project. */
const packagesFor = ({ root }: Pick<Options, 'root'>): readonly string[] => [import.meta.dirname, root ?? process.cwd()]

const upRequest = (databases: readonly string[], options: UpOptions) => ({
  ...common('up', databases, options),
  to: options.to,
  dryRun: options.dryRun ?? false,
  late: options.allowLate === true ? ('allow' as const) : ('refuse' as const),
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
