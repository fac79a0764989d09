// Runs a command of the command line: prints the result and gives the exit code.
import { systemClock } from '../../adapters/host/clock.js'
import { createFiles, fromRoot } from '../../adapters/host/files.js'
import { isLive } from '../../report/run-report.js'
import { withTexts } from '../../report/redact.js'
import { asStarted } from './started-as.js'
import { silentProgress, terminalProgress } from '../../adapters/host/progress.js'
import { secretsIn } from '../../adapters/host/secrets.js'
import { describeTerminal } from '../../adapters/host/terminal.js'
import { describeFailure } from '../failure.js'
import { showReport, showText, withoutHidden, writeOutputs, type Public } from '../publish.js'
import { weakIn } from '../options/commands.js'
import type { CreateOptions, Options, Show } from '../options/read-options.js'
import { run, contextOf } from '../run.js'
import { create } from '../../commands/create/create.js'
import { cancelled, UserError } from '../../model/errors.js'
import { renderCreated } from '../../render/text/create.js'

/** Columns of text if the terminal has no known width. */
const WIDE = 120

/** Resolves with the exit code when all output is written. */
export async function runCli({ request, show }: Options, signal: AbortSignal): Promise<number> {
  const { to, width, colour, progress, tell } = openOutput({
    colour: show.colour,
    server: request.server,
    weak: weakIn(request.command),
    quiet: show.verbosity === 'quiet',
  })
  signal.addEventListener('abort', () => progress.clear())
  try {
    const ran = await run({ request, signal, progress, log: (text) => void tell(text) })
    const report = withoutHidden(ran, to.secrets)
    progress.clear()
    const shown = show.format === 'text' ? withTexts(report, asStarted()) : report
    await write(
      process.stdout,
      showReport({ report: shown, format: show.format, look: { width, colour, verbosity: show.verbosity }, to }),
    )
    try {
      await writeOutputs({ report, ...show, files: createFiles(process.cwd()), secrets: to.secrets })
    } catch (error) {
      // The state of live databases is the same, also when a file could not be written.
      if (!isLive(report)) throw error
      await tell(describeFailure(error).lines.join('\n'))
    }
    return report.exitCode
  } catch (error) {
    const failure = describeFailure(error)
    await tell(failure.lines.join('\n'))
    return failure.exitCode
  }
}

/** Runs `create`. Resolves with the exit code when all output is written. */
export async function runCreate({ request, colour: wanted }: CreateOptions, signal: AbortSignal): Promise<number> {
  const { to, width, colour, progress, tell } = openOutput({ colour: wanted, server: request.server })
  try {
    const fromSql = request.fromSql && fromRoot(process.cwd(), request.fromSql)
    const context = contextOf({ request, signal, progress, log: (text) => void tell(text) })
    const created = await create({ ...request, fromSql }, context)
    progress.clear()
    await write(process.stdout, showText(renderCreated(created, { width: width ?? WIDE, colour }), to))
    return created.exitCode
  } catch (error) {
    // On cancel, scratch databases are dropped while they are used: the errors that this causes say nothing.
    const stopped = signal.aborted && !(error instanceof UserError)
    const fix = 'Nothing was written. Run it again.'
    const failure = describeFailure(stopped ? cancelled({ fix, cause: error }) : error)
    await tell(failure.lines.join('\n'))
    return failure.exitCode
  }
}

/** The output streams. `tell` writes a line to standard error. `width` is undefined if the terminal has no known width. */
type Output = {
  readonly to: Public
  readonly width: number | undefined
  readonly colour: boolean
  readonly progress: ReturnType<typeof terminalProgress>
  readonly tell: (text: string) => Promise<void>
}

function openOutput(options: {
  colour: Show['colour']
  server: string | undefined
  weak?: 'show' | 'hide'
  quiet?: boolean
}): Output {
  const { server = '', weak, quiet = false } = options
  const terminal = (stream: NodeJS.WriteStream) =>
    describeTerminal({ stream, environment: process.env, wanted: options.colour })
  const { width, colour } = terminal(process.stdout)
  const to: Public = {
    surface: process.env['GITHUB_ACTIONS'] === 'true' ? 'log' : 'terminal',
    colour,
    secrets: secretsIn({ environment: process.env, servers: [server], ...(weak !== undefined && { weak }) }),
  }
  const isWatched = terminal(process.stderr).tty && !quiet && process.env['CI'] === undefined
  const progress = isWatched ? terminalProgress(process.stderr, systemClock) : silentProgress
  const tell = async (text: string): Promise<void> => {
    progress.clear()
    await write(process.stderr, `${showText(asStarted()(text), { ...to, colour: false })}\n`)
  }
  return { to, width, colour, progress, tell }
}

/** Resolves when the text has left the process. A reader that closed the pipe (`| head`) is not an error. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()))
}
