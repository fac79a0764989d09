// Every option, once: the command line, the inputs of the action, action.yml and the table in the documentation come from here.

/**
 * `text`, `number`, `flag` (true or false) and `choice` hold one value, `list` several with commas or lines between them,
 * `lines` several with one on each line. `without` is the value that `--no-<name>` gives.
 */
export type Option = {
  readonly name: string
  readonly kind: 'text' | 'number' | 'flag' | 'choice' | 'list' | 'lines'
  readonly about: string
  readonly usual: string
  readonly choices?: readonly string[]
  readonly placeholder?: string
  readonly without?: string
  readonly short?: string
}

export const COMMANDS = [
  { name: 'check', about: 'judge migrations: names, pairs, and a proof of every down on a scratch PostgreSQL' },
] as const

export const FORMATS = ['text', 'json', 'markdown', 'annotations'] as const
export type Format = (typeof FORMATS)[number]
export const PROOFS = ['guided', 'full', 'none'] as const
export const UNITS = ['each', 'range', 'chain'] as const
export const FAIL_LEVELS = ['error', 'warning'] as const
export const COLOURS = ['auto', 'always', 'never'] as const

/** `path` is an argument on the command line, `command` the first word there. */
export const OPTIONS = [
  {
    name: 'config',
    kind: 'text',
    placeholder: 'file',
    usual: '',
    about: 'Config file. Without it migration-gate.yml is read where there is one.',
  },
  {
    name: 'databases',
    kind: 'list',
    placeholder: 'names',
    usual: '',
    about: 'Only these databases, by name. Without it all of them.',
  },
  {
    name: 'server',
    kind: 'text',
    placeholder: 'url',
    usual: '',
    about:
      'PostgreSQL to prove on (postgres://user:password@host:port/database). Only scratch databases are made there. Without it a server is started and removed again.',
  },
  {
    name: 'postgres',
    kind: 'number',
    placeholder: 'major',
    usual: '',
    about: 'Major version of the server that is started (15). Without it the newest at hand.',
  },
  {
    name: 'disposable-server',
    kind: 'flag',
    usual: 'false',
    about: 'The given server may also get and lose roles, tablespaces and settings: it is thrown away afterwards.',
  },
  {
    name: 'proof',
    kind: 'choice',
    choices: PROOFS,
    without: 'none',
    placeholder: 'how',
    usual: 'guided',
    about: 'How states are compared: guided by what a step touched, by full snapshots, or no proof at all (none).',
  },
  {
    name: 'unit',
    kind: 'choice',
    choices: UNITS,
    placeholder: 'unit',
    usual: '',
    about: 'What is taken back in one go, whatever the config says: each migration, a range, or only the whole chain.',
  },
  {
    name: 'fail-on',
    kind: 'choice',
    choices: FAIL_LEVELS,
    placeholder: 'level',
    usual: 'error',
    about: 'The lowest level of a finding that fails the run.',
  },
  {
    name: 'format',
    kind: 'choice',
    choices: FORMATS,
    placeholder: 'format',
    usual: 'text',
    about: 'What is printed.',
  },
  {
    name: 'output',
    kind: 'lines',
    placeholder: 'format=file',
    usual: '',
    about: 'Also written to a file, as often as wanted (json=report.json).',
  },
  { name: 'verbose', kind: 'flag', short: 'v', usual: 'false', about: 'Print more: every migration.' },
  { name: 'quiet', kind: 'flag', short: 'q', usual: 'false', about: 'Print less: problems and the verdict.' },
  {
    name: 'color',
    kind: 'choice',
    choices: COLOURS,
    without: 'never',
    placeholder: 'when',
    usual: 'auto',
    about: 'Colours: on a terminal only (auto), always or never. NO_COLOR and FORCE_COLOR count as well.',
  },
] as const satisfies readonly Option[]

/** What `create` alone knows, which is no command of the action. */
export const CREATE_OPTIONS = [
  { name: 'seed', kind: 'flag', usual: 'false', about: 'A seed of the database instead of a migration.' },
  {
    name: 'from-sql',
    kind: 'text',
    placeholder: 'file',
    usual: '',
    about: 'The SQL of the up. The down is derived from what it does on a scratch server, and written if it proves.',
  },
] as const satisfies readonly Option[]

export const PATH = {
  name: 'path',
  kind: 'lines',
  usual: 'migrations',
  about: 'Folders with migrations: a folder that holds some is a database, otherwise each of its subfolders that does.',
} as const satisfies Option

export const COMMAND = {
  name: 'command',
  kind: 'choice',
  choices: COMMANDS.map(({ name }) => name),
  usual: 'check',
  about: 'What to do.',
} as const satisfies Option

export type OptionName = (typeof OPTIONS)[number]['name'] | 'path' | 'command'

/** Command, path and the rest, in the order of the documentation. */
export const INPUTS: readonly Option[] = [COMMAND, PATH, ...OPTIONS]

/** What the action gives to the steps after it. */
export const OUTPUTS = [
  { name: 'verdict', about: 'pass, fail or environment (something could not be proved).' },
  { name: 'exit-code', about: 'Exit code of the command: 0, 1, 2, 3 or 130.' },
  { name: 'databases', about: 'Number of databases.' },
  { name: 'migrations', about: 'Number of migrations.' },
  { name: 'proved', about: 'Number of migrations whose up, down and up again were seen to hold.' },
  { name: 'errors', about: 'Number of findings of level error.' },
  { name: 'warnings', about: 'Number of findings of level warning.' },
  { name: 'notes', about: 'Number of findings of level note.' },
  { name: 'report', about: 'Path of the report as JSON.' },
] as const
