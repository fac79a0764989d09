#!/usr/bin/env node
// The command line. It prints help and the version before it loads the rest of the program.
import { keepCompiledCode } from '../adapters/host/compile-cache.js'
import { dsnsOf, rootCertificateOf } from '../adapters/host/dsns.js'
import { printable } from '../adapters/host/printable.js'
import { watchSignals } from '../adapters/host/signals.js'
import { parseArguments, type Arguments } from './cli/arguments.js'
import { describeFailure } from './failure.js'
import { asStarted } from './cli/started-as.js'
import { gracePeriodFor, type GracePeriod } from './cli/grace-period.js'
import { readCreate, readOptions } from './options/read-options.js'

/** Cleaning up drops scratch databases, on a server that may be slow. */
const GRACE_PERIOD_MS = 15_000

// A reader that closes the pipe (`| head`) is not an error.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

process.exit(await main(process.argv.slice(2)))

async function main(words: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(words)
    if (parsed.kind === 'print') {
      await new Promise<void>((resolve) => process.stdout.write(asStarted()(parsed.text), () => resolve()))
      return 0
    }
    Object.assign(process.env, dsnsOf(process.env), rootCertificateOf(process.env))
    const work = workFor(parsed)
    if (process.platform === 'win32') {
      process.stderr.write('pg-migration-gate does not run on Windows. Use WSL or a Linux container.\n')
      return 3
    }
    // Before loading the rest, because a signal may arrive during that time.
    const { signal } = watchSignals({ ...work.gracePeriod, log: complain })
    return await work.run(signal)
  } catch (error) {
    const failure = describeFailure(error)
    complain(failure.lines.join('\n'))
    return failure.exitCode
  }
}

type Work = { readonly gracePeriod: GracePeriod; readonly run: (signal: AbortSignal) => Promise<number> }

function load() {
  keepCompiledCode(process.env)
  return import(/* webpackIgnore: true */ './work.js')
}

/** Throws a UserError for a wrong value at once. `run` loads the rest, which is another file of dist/. */
function workFor(parsed: Exclude<Arguments, { readonly kind: 'print' }>): Work {
  const naming = (name: string): string => (name === 'path' ? 'the path' : `--${name}`)
  if (parsed.kind === 'create') {
    const options = readCreate(parsed, naming)
    return {
      gracePeriod: gracePeriodFor(options.request, GRACE_PERIOD_MS),
      run: async (signal) => {
        const { work } = await load()
        return work.runCreate(options, signal)
      },
    }
  }
  const options = readOptions(parsed.read, naming)
  return {
    gracePeriod: gracePeriodFor(options.request, GRACE_PERIOD_MS),
    run: async (signal) => {
      const { work } = await load()
      return work.runCli(options, signal)
    },
  }
}

function complain(text: string): void {
  const surface = process.env['GITHUB_ACTIONS'] === 'true' ? 'log' : 'terminal'
  process.stderr.write(`${printable(asStarted()(text), { surface, colour: false })}\n`)
}
