#!/usr/bin/env node
// The command line. Help and the version answer before anything heavy is loaded.
import { printable } from '../host/printable.js'
import { watchSignals } from '../host/signals.js'
import { parseArguments } from './arguments.js'
import { describeFailure } from './failure.js'
import { patienceWith } from './patience.js'
import { readOptions } from './read-options.js'

/** Cleaning up drops scratch databases, on a server that may be slow. */
const PATIENCE_MS = 15_000

// A reader that goes away (`| head`) is no reason to fail.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

process.exit(await main(process.argv.slice(2)))

async function main(words: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(words)
    if (parsed.kind === 'print') {
      await new Promise<void>((resolve) => process.stdout.write(parsed.text, () => resolve()))
      return 0
    }
    const options = readOptions(parsed.read, (name) => (name === 'path' ? 'the path' : `--${name}`))
    if (process.platform === 'win32') {
      process.stderr.write('pg-migration-gate does not run on Windows itself; use WSL or a Linux container.\n')
      return 3
    }
    // From now on, because loading takes a moment in which somebody may change their mind.
    const { signal } = watchSignals({ ...patienceWith(options.request, PATIENCE_MS), told: complain })
    // Eager: part of this file after bundling, but evaluated only now.
    const { runCli } = await import(/* webpackMode: "eager" */ './cli-run.js')
    return await runCli(options, signal)
  } catch (error) {
    const failure = describeFailure(error)
    complain(failure.lines.join('\n'))
    return failure.exitCode
  }
}

function complain(text: string): void {
  const surface = process.env['GITHUB_ACTIONS'] === 'true' ? 'log' : 'terminal'
  process.stderr.write(`${printable(text, { surface, colour: false })}\n`)
}
