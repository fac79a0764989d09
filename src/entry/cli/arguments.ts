// Parses the command line: the text of every option, or help or the version to print.
import { commandText } from '../../model/command.js'
import { shellWord } from '../../model/shell-quote.js'
import { Command, CommanderError, Option as CommanderOption } from 'commander'
import { didYouMean } from '../../model/did-you-mean.js'
import { UserError } from '../../model/errors.js'
import { COMMANDS, CREATE, type Command as CommandName } from '../options/commands.js'
import { isOptionOf, type Option } from '../options/option.js'
import { OPTIONS, PATH, type OptionName } from '../options/all.js'
import { TOOL, TOOL_ABOUT } from '../program.js'

/**
 * `print`: help or the version. `run`: `read` gives the text of an option, empty for one that was not given. `create`
 * takes a database and a name instead of paths.
 */
export type Arguments =
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'run'; readonly read: (name: OptionName) => string }
  | {
      readonly kind: 'create'
      readonly database: string
      readonly name: string
      readonly read: (name: OptionName) => string
    }

/** `words` are the arguments after the program's name. Throws a UserError for wrong use. */
export function parseArguments(words: readonly string[]): Arguments {
  const [first] = words
  if (first === undefined) {
    const fix = `Run ${commandText('check')}, or see all commands: ${commandText('--help')}`
    throw new UserError({ kind: 'use', what: 'no command is given', fix })
  }
  let printed = ''
  let run: Arguments | undefined
  const program = describeProgram((text) => (printed += text))
  addCommands(program, first, (parsed) => (run = parsed))
  try {
    program.parse(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: printed }
    throw (
      (error.code === 'commander.unknownOption' ? unknownOptions(program, words) : undefined) ?? wrongUse(error, first)
    )
  }
  return run ?? { kind: 'print', text: printed }
}

/** Only the command that the first word names, since each has dozens of options; all of them for help and unknown words. */
function addCommands(program: Command, first: string, parsed: (run: Arguments) => void): void {
  const isNamed = [...COMMANDS, CREATE].some(({ name }) => name === first)
  const isAsked = (name: string): boolean => !isNamed || name === first
  for (const { name, about } of COMMANDS) {
    if (!isAsked(name)) continue
    addCommand(program, name, about)
      .argument('[paths...]', `${PATH.about} Default: ${PATH.default}.`)
      .action((paths: readonly string[], values: Values) => {
        parsed({ kind: 'run', read: reader(name, paths, values) })
      })
  }
  if (!isAsked(CREATE.name)) return
  addCommand(program, CREATE.name, CREATE.about)
    .argument('<database>', 'Name of the database: its folder name, or its name in the config.')
    .argument('<name...>', 'Name of the migration: what it does, in any spelling.')
    .action((database: string, name: readonly string[], values: Values) => {
      parsed({ kind: 'create', database, name: name.join(' '), read: reader(CREATE.name, [], values) })
    })
}

function describeProgram(print: (text: string) => void): Command {
  return new Command(TOOL.name)
    .description(TOOL_ABOUT)
    .version(TOOL.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .addHelpText('after', `\nOptions of a command: ${commandText('COMMAND --help')}`)
    .exitOverride()
}

function addCommand(program: Command, name: CommandName, about: string): Command {
  const command = program.command(name).description(about)
  for (const option of OPTIONS) if (isOptionOf(option, name)) addOption(command, option)
  return command
}

function addOption(command: Command, option: Option): void {
  const short = option.short === undefined ? '' : `-${option.short}, `
  const value = option.kind === 'flag' ? '' : ` <${option.placeholder ?? option.name}>`
  const words = option.choices === undefined ? '' : ` One of: ${option.choices.join(', ')}.`
  const byDefault = option.default === '' || option.kind === 'flag' ? '' : ` Default: ${option.default}.`
  const described = new CommanderOption(`${short}--${option.name}${value}`, `${option.about}${words}${byDefault}`)
  if (option.kind === 'lines' || option.kind === 'list') described.argParser(joinLines).default(undefined)
  command.addOption(described)
  if (option.without !== undefined) {
    command.addOption(new CommanderOption(`--no-${option.name}`, `Same as --${option.name} ${option.without}.`))
  }
}

/** Joins the values of an option that is given several times. */
const joinLines = (value: string, before: string | undefined): string =>
  before === undefined ? value : `${before}\n${value}`

/** Values of Commander, by the option's name in camel case. */
type Values = Readonly<Record<string, unknown>>

/** Option -> the value that its `--no-` twin gives. */
const WITHOUT: ReadonlyMap<string, string> = new Map(
  OPTIONS.flatMap((option) => ('without' in option ? [[option.name, option.without] as const] : [])),
)

function reader(command: string, paths: readonly string[], values: Values): (name: OptionName) => string {
  return (name) => {
    if (name === 'command') return command
    if (name === 'path') return paths.join('\n')
    const value = values[name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]
    if (typeof value === 'string') return value
    const without = WITHOUT.get(name)
    // Commander gives true for an option with a --no- twin that was not given, and false for the twin.
    if (without !== undefined) return value === false ? without : ''
    return value === true ? 'true' : ''
  }
}

/**
 * All unknown options in one message, because Commander reports only the first. Undefined for fewer than two. Words
 * after `--` are not options.
 */
function unknownOptions(program: Command, [name, ...words]: readonly string[]): UserError | undefined {
  const command = program.commands.find((one) => one.name() === name)
  if (command === undefined) return undefined
  const end = words.indexOf('--')
  const { unknown } = command.parseOptions(end === -1 ? words : words.slice(0, end))
  const wrong = unknown.filter((word) => /^--?[^-]/.test(word)).map((word) => word.replace(/=.*$/s, ''))
  if (wrong.length < 2) return undefined
  const known = command.options.flatMap(({ long }) => long ?? [])
  const listed = wrong.map((word) => `'${word}'${didYouMean(word, known).replace(/^; (.*)$/, ' ($1)')}`)
  const fix = `See all options: ${commandText(`${command.name()} --help`)}`
  return new UserError({ kind: 'use', what: `${wrong.length} unknown options: ${listed.join(', ')}`, fix })
}

/** Commander's message without its prefix, and how to fix the call. */
function wrongUse(error: CommanderError, first: string | undefined): UserError {
  const [what = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = /^\(Did you mean (.*)\?\)$/.exec(hint ?? '')?.[1]
  const command = /^unknown command '(.*)'$/.exec(what)?.[1]
  const names = [...COMMANDS, CREATE].map(({ name }) => name)
  if (command !== undefined && /[/.]/.test(command)) {
    return new UserError({
      kind: 'use',
      what,
      fix: `To check a folder, run ${commandText(`check ${shellWord(command)}`)}`,
    })
  }
  const known = names.find((name) => name === first)
  const near = suggestion === undefined ? didYouMean(command ?? '', names) : `; did you mean ${suggestion}?`
  return new UserError({
    kind: 'use',
    what: `${what}${near}`,
    fix:
      known === undefined
        ? `See all commands: ${commandText('--help')}`
        : `See all options: ${commandText(`${known} --help`)}`,
  })
}
