// Runs a command of the command line: prints the report and gives the exit code.
import { systemClock } from '../../adapters/host/clock.js'
import { createFiles } from '../../adapters/host/files.js'
import { isLive } from '../../report/run-report.js'
import { silentProgress, terminalProgress } from '../../adapters/host/progress.js'
import { secretsIn } from '../../adapters/host/secrets.js'
import { describeTerminal } from '../../adapters/host/terminal.js'
import { describeFailure } from '../failure.js'
import { showReport, showText, withoutHidden, writeOutputs, type Public } from '../publish.js'
import { weakIn } from '../options/commands.js'
import type { Options } from '../options/read-options.js'
import { run } from '../run.js'

/** Resolves with the exit code when all output is written. */
export async function runCli({ request, show }: Options, signal: AbortSignal): Promise<number> {
  const surface = process.env['GITHUB_ACTIONS'] === 'true' ? 'log' : 'terminal'
  const terminal = (stream: NodeJS.WriteStream) =>
    describeTerminal({ stream, environment: process.env, wanted: show.colour })
  const { width, colour } = terminal(process.stdout)
  const to: Public = {
    surface,
    colour,
    secrets: secretsIn({
      environment: process.env,
      servers: [request.server ?? ''],
      weak: weakIn(request.command),
    }),
  }
  const watched = terminal(process.stderr).tty && show.verbosity !== 'quiet' && process.env['CI'] === undefined
  const progress = watched ? terminalProgress(process.stderr, systemClock) : silentProgress
  const tell = async (text: string): Promise<void> => {
    progress.clear()
    await write(process.stderr, `${showText(text, { ...to, colour: false })}\n`)
  }
  signal.addEventListener('abort', () => progress.clear())
  try {
    const ran = await run({ request, signal, progress, told: (text) => void tell(text) })
    const report = withoutHidden(ran, to.secrets)
    progress.clear()
    await write(
      process.stdout,
      showReport({ report, format: show.format, look: { width, colour, verbosity: show.verbosity }, to }),
    )
    try {
      await writeOutputs({ report, ...show, files: createFiles(process.cwd()), secrets: to.secrets })
    } catch (error) {
      // An unwritten file does not change the outcome on live databases.
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

/** Resolves when the text has left the process. A reader that closed the pipe (`| head`) is not an error. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()))
}
