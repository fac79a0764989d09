// The text of all options -> what is asked for, and how it is to be shown.
import { didYouMean } from '../config/nearest.js'
import type { CheckRequest } from '../app/request.js'
import { UserError } from '../core/errors.js'
import { COLOURS, FAIL_LEVELS, FORMATS, PROOFS, UNITS, type Format, type OptionName } from './options.js'
import { readChoice, readFlag, readList, readNumber, type Naming } from './read-value.js'

/** A report in one format, and the file that it goes to. */
export type Output = { readonly format: Format; readonly file: string }

export type Show = {
  readonly format: Format
  readonly outputs: readonly Output[]
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
  readonly colour: 'auto' | 'always' | 'never'
}

export type Options = { readonly request: CheckRequest; readonly show: Show }

/** `read` gives the text of an option, empty for one that was not given. Throws a UserError for the first wrong value. */
export function readOptions(read: (name: OptionName) => string, naming: Naming): Options {
  const flag = (name: OptionName): boolean => readFlag({ text: read(name), usual: false, name: naming(name) })
  const choice = <W extends string, D extends W | undefined>(
    name: OptionName,
    choices: readonly W[],
    usual: D,
  ): W | D => readChoice({ text: read(name), choices, usual, name: naming(name) })
  const optional = (name: OptionName): string | undefined => read(name).trim() || undefined
  const verbosity = (): Show['verbosity'] => {
    const [verbose, quiet] = [flag('verbose'), flag('quiet')]
    if (verbose && quiet) {
      const what = `${naming('verbose')} and ${naming('quiet')} contradict each other`
      throw new UserError({ kind: 'use', what, fix: 'Leave one of them out.' })
    }
    return verbose ? 'verbose' : quiet ? 'quiet' : 'normal'
  }
  return {
    request: {
      command: 'check',
      paths: readList(read('path'), undefined),
      config: optional('config'),
      databases: readList(read('databases'), ','),
      server: optional('server'),
      postgres: readNumber({ text: read('postgres'), name: naming('postgres'), example: '17' }),
      disposableServer: flag('disposable-server'),
      proof: choice('proof', PROOFS, 'guided'),
      unit: choice('unit', UNITS, undefined),
      failOn: choice('fail-on', FAIL_LEVELS, 'error'),
    },
    show: {
      format: choice('format', FORMATS, 'text'),
      outputs: readList(read('output'), undefined).map((text) => readOutput(text, naming('output'))),
      verbosity: verbosity(),
      colour: choice('color', COLOURS, 'auto'),
    },
  }
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
