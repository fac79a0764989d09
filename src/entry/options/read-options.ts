// Reads the text of all options into a request, and how to show its result. The same for `create`.
import { didYouMean } from '../../model/did-you-mean.js'
import type { Request } from '../../requests/request.js'
import { UserError } from '../../model/errors.js'
import { REPORTING, type ReportingCommand } from './commands.js'
import { CHECK_FORMATS, COLOURS, FORMATS, type Format, isOptionOf } from './option.js'
import { OPTIONS, type OptionName } from './all.js'
import { readerOf, readRequest } from './read-request.js'
import { readList, type Naming } from './read-value.js'
import type { CreateRequest } from '../../commands/create/request.js'
import { TOOL } from '../program.js'

/** A format of the report, and the file for it. */
export type Output = { readonly format: Format; readonly file: string }

export type Show = {
  readonly format: Format
  readonly outputs: readonly Output[]
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
  readonly colour: 'auto' | 'always' | 'never'
}

export type Options = { readonly request: Request; readonly show: Show }

/** `read` gives the text of an option, empty if it is not given. Throws a UserError for the first wrong value. */
export function readOptions(read: (name: OptionName) => string, naming: Naming): Options {
  const reader = readerOf(read, naming)
  const command = reader.choice('command', REPORTING, 'check')
  refuseOptionsOfOthers({ read, naming, command })
  const { flag, choice } = reader
  const verbosity = (): Show['verbosity'] => {
    const verbose = flag('verbose')
    const quiet = flag('quiet')
    if (verbose && quiet) {
      const what = `${naming('verbose')} and ${naming('quiet')} contradict each other`
      throw new UserError({ kind: 'use', what, fix: 'Leave one of them out.' })
    }
    return verbose ? 'verbose' : quiet ? 'quiet' : 'normal'
  }
  const format = choice('format', FORMATS, 'text')
  const outputs = readList(read('output'), undefined).map((text) => readOutput(text, naming('output')))
  for (const one of [format, ...outputs.map((output) => output.format)]) refuseFormat(one, command)
  return {
    request: readRequest(command, reader),
    show: {
      format,
      outputs,
      verbosity: verbosity(),
      colour: choice('color', COLOURS, 'auto'),
    },
  }
}

/** Refuses options of other commands, because ignoring them would surprise the user. */
function refuseOptionsOfOthers(options: {
  read: (name: OptionName) => string
  naming: Naming
  command: ReportingCommand
}): void {
  const { read, naming, command } = options
  for (const option of OPTIONS) {
    const text = read(option.name).trim()
    if (isOptionOf(option, command) || text === '' || text === option.default) continue
    const commands = 'commands' in option ? option.commands : []
    const fix = `Leave it out. Only these commands accept it: ${commands.join(', ')}.`
    throw new UserError({ kind: 'use', what: `${naming(option.name)} does not apply to ${command}`, fix })
  }
}

/** Refuses a format that only `check` has, before anything runs. */
function refuseFormat(format: Format, command: ReportingCommand): void {
  if (command === 'check' || !CHECK_FORMATS.some((one) => one === format)) return
  throw new UserError({
    kind: 'use',
    what: `${command} has no ${format} report, because it checks no files`,
    fix: 'Use text, json, markdown or annotations.',
  })
}

function readOutput(text: string, name: string): Output {
  const at = text.indexOf('=')
  const kind = text.slice(0, Math.max(0, at)).trim()
  const file = text.slice(at + 1).trim()
  const format = FORMATS.find((word) => word === kind)
  if (at > 0 && format !== undefined && file !== '') return { format, file }
  const what =
    at <= 0 || file === ''
      ? `${name} is "${text}", which names no file`
      : `${name} has the unknown format "${kind}"${didYouMean(kind, FORMATS)}`
  throw new UserError({ kind: 'use', what, fix: `Write format=file with one of these formats: ${FORMATS.join(', ')}.` })
}

export type CreateOptions = { readonly request: CreateRequest; readonly colour: Show['colour'] }

/** Throws a UserError for the first wrong value. */
export function readCreate(
  words: { database: string; name: string; read: (name: OptionName) => string },
  naming: Naming,
): CreateOptions {
  const { database, name } = words
  const { choice, flag, number, text } = readerOf(words.read, naming)
  if (database.trim() === '') {
    throw new UserError({ kind: 'use', what: 'the database has no name', fix: `${TOOL.name} create DATABASE NAME` })
  }
  return {
    request: {
      command: 'create',
      database,
      name,
      seed: flag('seed'),
      fromSql: text('from-sql'),
      config: text('config'),
      server: text('server'),
      postgres: number('postgres', '17'),
      disposableServer: flag('disposable-server'),
    },
    colour: choice('color', COLOURS, 'auto'),
  }
}
