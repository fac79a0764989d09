// Runs the command `create`: writes the files, prints them, and gives the exit code.
import { create } from '../../commands/create/create.js'
import { cancelled } from '../../model/errors.js'
import { UserError } from '../../model/errors.js'
import { systemClock } from '../../adapters/host/clock.js'
import { fromRoot } from '../../adapters/host/files.js'
import { silentProgress, terminalProgress } from '../../adapters/host/progress.js'
import { secretsIn } from '../../adapters/host/secrets.js'
import { describeTerminal } from '../../adapters/host/terminal.js'
import { renderCreated } from '../../render/text/create.js'
import { describeFailure } from '../failure.js'
import { showText, type Public } from '../publish.js'
import type { CreateOptions } from './read-create.js'
import { contextOf } from '../run.js'

const WIDE = 120

/** Resolves with the exit code when all output is written. */
export async function runCreate({ request, colour: wanted }: CreateOptions, signal: AbortSignal): Promise<number> {
  const surface = process.env['GITHUB_ACTIONS'] === 'true' ? 'log' : 'terminal'
  const terminal = (stream: NodeJS.WriteStream) => describeTerminal({ stream, environment: process.env, wanted })
  const { width = WIDE, colour } = terminal(process.stdout)
  const secrets = secretsIn({ environment: process.env, servers: [request.server ?? ''] })
  const to: Public = { surface, colour, secrets }
  const watched = terminal(process.stderr).tty && process.env['CI'] === undefined
  const progress = watched ? terminalProgress(process.stderr, systemClock) : silentProgress
  const show = (stream: NodeJS.WriteStream, text: string, look: Public): Promise<void> => {
    progress.clear()
    return new Promise((resolve) => stream.write(showText(text, look), () => resolve()))
  }
  const tell = (text: string): Promise<void> => show(process.stderr, `${text}\n`, { ...to, colour: false })
  try {
    const fromSql = request.fromSql && fromRoot(process.cwd(), request.fromSql)
    const world = contextOf({ request, signal, progress, told: (text) => void tell(text) })
    const created = await create({ ...request, fromSql }, world)
    await show(process.stdout, renderCreated(created, { width, colour }), to)
    return created.exitCode
  } catch (error) {
    // Cancelling drops scratch databases that are still in use, so the resulting errors mean nothing.
    const stopped = signal.aborted && !(error instanceof UserError)
    const fix = 'Nothing was written. Run it again.'
    const failure = describeFailure(stopped ? cancelled({ fix, cause: error }) : error)
    await tell(failure.lines.join('\n'))
    return failure.exitCode
  }
}
