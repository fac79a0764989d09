// Runs the functions of the library: a request gives a report and its text, or the reason why there is none.
import type { Request } from '../../commands/shared/request.js'
import { UserError, type ErrorKind } from '../../model/errors.js'
import type { AnyReport } from '../../report/run-report.js'
import { silentProgress } from '../../adapters/host/progress.js'
import { secretsIn } from '../../adapters/host/secrets.js'
import { showReport, showText, withoutHidden, type Public } from '../publish.js'
import { run } from '../run.js'

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
      told: (text) => log(showText(text, to)),
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
