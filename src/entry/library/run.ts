// Runs the functions of the library: a request that gives a report and its text, or a server for tests.
import type { Request } from '../../requests/request.js'
import { UserError, type ErrorKind } from '../../model/errors.js'
import type { AnyReport } from '../../report/run-report.js'
import { silentProgress } from '../../adapters/host/progress.js'
import { secretsIn } from '../../adapters/host/secrets.js'
import { showReport, showText, withoutHidden, type Public } from '../publish.js'
import { run, clustersAt } from '../run.js'
import { identifier } from '../../sql/quote.js'
import type { Clusters } from '../../adapters/postgres/cluster.js'
import { openSession } from '../../adapters/postgres/session.js'

/** `root`, `dsns` and `log` are the options of the library. `packagesRoot` is as in Site. */
export type LibraryCall = {
  readonly request: Request
  readonly root: string
  readonly packagesRoot: readonly string[]
  readonly dsns: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

export type Refused = {
  readonly end: 'refused'
  readonly kind: ErrorKind
  readonly what: string
  readonly fix: string
}

/** `text` is the report for people, without colours. Neither contains a password. */
export type LibraryEnd = { readonly end: 'report'; readonly report: AnyReport; readonly text: string } | Refused

/** Rejects only for a bug of this program. */
export async function runLibrary(call: LibraryCall): Promise<LibraryEnd> {
  const { request, root, packagesRoot, dsns, signal, log } = call
  const servers = [request.server ?? '', ...Object.values(dsns)]
  const to: Public = { surface: 'terminal', colour: false, secrets: secretsIn({ environment: process.env, servers }) }
  try {
    const ran = await run({
      request,
      signal,
      progress: silentProgress,
      log: (text) => log(showText(text, to)),
      site: { root, environment: process.env, packagesRoot, dsns },
    })
    const report = withoutHidden(ran, to.secrets)
    const look = { width: undefined, colour: false, verbosity: 'normal' } as const
    const text = showReport({ report, format: 'text', look, to })
    // Without members that are undefined, as in the JSON report.
    return { end: 'report', report: JSON.parse(JSON.stringify(report)) as AnyReport, text }
  } catch (error) {
    const { what, fix, ...rest } = refused(error)
    return { ...rest, what: showText(what, to), fix: showText(fix, to) }
  }
}

/** Describes a UserError. Throws any other error again, because it is a bug. */
export function refused(error: unknown): Refused {
  if (!(error instanceof UserError)) throw error
  return { end: 'refused', kind: error.kind, what: error.message, fix: error.fix }
}

/** `createDatabase` creates an empty database and gives its DSN. It rejects with the server's error. `stop` may be called twice. */
export type TestServer = {
  readonly version: string
  readonly createDatabase: (name: string) => Promise<string>
  readonly stop: () => Promise<void>
}

/** Gives `refused` if it finds no PostgreSQL programs. Rejects only for a bug of this program. */
export async function openTestServer(options: {
  packagesRoot: readonly string[]
  major: number | undefined
  signal: AbortSignal
}): Promise<{ readonly end: 'open'; readonly server: TestServer } | Refused> {
  const { packagesRoot, major, signal } = options
  try {
    const clusters = await clustersAt(
      { packagesRoot, environment: process.env },
      { server: undefined, major, disposable: false, signal },
    )
    return { end: 'open', server: serverOf(clusters) }
  } catch (error) {
    return refused(error)
  }
}

function serverOf({ main, close }: Clusters): TestServer {
  let stopped: Promise<void> | undefined
  return {
    version: main.report.version,
    createDatabase: async (name) => {
      const session = await openSession(main.connection(main.maintenance), main.explain)
      try {
        await session.send(`CREATE DATABASE ${identifier(name)}`)
      } finally {
        await session.close()
      }
      const { host = '', port = 5432, user = '' } = main.connection(name)
      const part = encodeURIComponent
      return `postgres://${part(user)}@/${part(name)}?host=${part(host)}&port=${port}&sslmode=disable`
    },
    stop: () => (stopped ??= close()),
  }
}
