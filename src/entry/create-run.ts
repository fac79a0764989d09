// `create` after its words were understood: write the files, say so, and give the exit code.
import { availableParallelism } from 'node:os'
import { create } from '../app/create.js'
import { UserError } from '../core/errors.js'
import { systemClock } from '../host/clock.js'
import { createFiles } from '../host/files.js'
import { fromRoot } from '../host/paths.js'
import { printable } from '../host/printable.js'
import { silentProgress, terminalProgress } from '../host/progress.js'
import { redact, secretsOf } from '../host/secrets.js'
import { describeTerminal } from '../host/terminal.js'
import { variablesForMigrations } from '../host/variables.js'
import { renderCreated } from '../render/create-text.js'
import type { CreateOptions } from './create-options.js'
import { describeFailure } from './failure.js'
import { startServer } from './run.js'
import { TOOL } from './tool.js'

const WIDE = 120

const cancelled = (cause: unknown): UserError =>
  new UserError({ kind: 'cancelled', what: 'The run was cancelled.', fix: 'Nothing was written. Run it again.', cause })

/** Resolves with the exit code when everything was written. */
export async function runCreate({ request, colour: wanted }: CreateOptions, signal: AbortSignal): Promise<number> {
  const secrets = secretsOf(request.server ?? '')
  const surface = process.env['GITHUB_ACTIONS'] === 'true' ? 'log' : 'terminal'
  const terminal = (stream: NodeJS.WriteStream) => describeTerminal({ stream, environment: process.env, wanted })
  const { width = WIDE, colour } = terminal(process.stdout)
  const watched = terminal(process.stderr).tty && process.env['CI'] === undefined
  const progress = watched ? terminalProgress(process.stderr, systemClock) : silentProgress
  const show = (stream: NodeJS.WriteStream, text: string, inColour: boolean): Promise<void> => {
    progress.clear()
    const shown = printable(redact(text, secrets), { surface, colour: inColour })
    return new Promise((resolve) => stream.write(shown, () => resolve()))
  }
  const told = (text: string): void => void show(process.stderr, `${text}\n`, false)
  const root = process.cwd()
  try {
    const { fromSql } = request
    const created = await create(
      { ...request, fromSql: fromSql === undefined ? undefined : fromRoot(root, fromSql) },
      {
        files: createFiles(root),
        clock: systemClock,
        environment: variablesForMigrations(process.env),
        startServer: () => startServer({ request, signal, told }),
        progress,
        signal,
        cores: availableParallelism(),
        tool: TOOL,
      },
    )
    await show(process.stdout, renderCreated(created, { width, colour }), colour)
    return created.exitCode
  } catch (error) {
    // Scratch databases are dropped under whoever still works: what that runs into says nothing.
    const failure = describeFailure(signal.aborted && !(error instanceof UserError) ? cancelled(error) : error)
    await show(process.stderr, `${failure.lines.join('\n')}\n`, false)
    return failure.exitCode
  }
}
