// All options. The command line, the inputs of the action, action.yml and the documentation come from this list.

import { COLOURS, FAIL_LEVELS, FORMATS, IMPACTS, PROOFS, SCOPES, UNITS } from './option.js'
import { COMMENT, REPORTING, WITH_SCRATCH } from './commands.js'
import { ACTION_OPTIONS } from './action.js'
import { isOptionOf, type Option } from './option.js'
import { DEPLOY_OPTIONS } from './release.js'
import { LIVE_OPTIONS } from './live.js'

/** Without `path` and `command`, which are arguments on the command line. */
export const OPTIONS = [
  {
    name: 'config',
    kind: 'text',
    placeholder: 'file',
    default: '',
    about: 'Path of the config file. Default: migration-gate.yml, if it exists.',
  },
  {
    name: 'databases',
    kind: 'list',
    commands: REPORTING,
    placeholder: 'names',
    default: '',
    about: 'Names of the databases to use. Default: all.',
  },
  {
    name: 'server',
    kind: 'text',
    placeholder: 'url',
    default: '',
    commands: WITH_SCRATCH,
    about:
      'URL of a PostgreSQL server for the proof (postgres://user:password@host:port/database). Only scratch databases are created there. Default: start a server and remove it afterwards.',
  },
  {
    name: 'postgres',
    commands: WITH_SCRATCH,
    kind: 'number',
    placeholder: 'major',
    default: '',
    about: 'Major version of the server to start, for example 15. Default: the newest available one.',
  },
  {
    name: 'disposable-server',
    commands: WITH_SCRATCH,
    kind: 'flag',
    default: 'false',
    about:
      'The given server is thrown away afterwards, so migrations may also change its roles, tablespaces and settings.',
  },
  {
    name: 'proof',
    commands: ['check', 'plan', 'deploy', 'rollback'],
    kind: 'choice',
    choices: PROOFS,
    without: 'none',
    placeholder: 'how',
    default: 'guided',
    about:
      'Prove on a scratch database, guided by what each step touches (guided), or not at all (none). With none, plan, deploy and rollback make no dry run.',
  },
  {
    name: 'impact',
    commands: ['check'],
    kind: 'choice',
    choices: IMPACTS,
    without: 'none',
    placeholder: 'whether',
    default: 'measured',
    about:
      'Measure what new migrations do to a database with rows and clients, and prove a better way for those that make clients wait (measured); measure it alone (facts); or not at all (none).',
  },
  {
    name: 'unit',
    commands: ['check'],
    kind: 'choice',
    choices: UNITS,
    placeholder: 'unit',
    default: '',
    about:
      'What is rolled back together: each migration, a range of migrations, or the whole chain. Overrides the config.',
  },
  {
    name: 'fail-on',
    commands: ['check'],
    kind: 'choice',
    choices: FAIL_LEVELS,
    placeholder: 'level',
    default: 'error',
    about: 'Lowest level of a finding that fails the run.',
  },
  {
    name: 'base',
    commands: ['check'],
    kind: 'text',
    placeholder: 'name',
    default: '',
    about:
      'Branch, tag or commit to compare the change with, or none. Default: the base of the pull request, if a pull request started the run.',
  },
  {
    name: 'since-release',
    commands: ['check'],
    kind: 'text',
    placeholder: 'pattern',
    default: '',
    about: 'Compare with the newest tag that matches this pattern (v*), to judge everything since the last release.',
  },
  {
    name: 'scope',
    commands: ['check'],
    kind: 'choice',
    choices: SCOPES,
    placeholder: 'what',
    default: '',
    about:
      'What to prove if there is a base: the changed migrations and all after them (changed), or all. Overrides the config.',
  },
  {
    name: 'fix',
    commands: ['check'],
    kind: 'flag',
    default: 'false',
    about: 'Write proved repairs of downs and proved online ways into the files, and report what they drop.',
  },
  {
    name: 'update-debt',
    commands: ['check'],
    kind: 'flag',
    default: 'false',
    about: 'Write all current findings to migration-gate.debt.json. From then on, only new findings fail.',
  },
  ...LIVE_OPTIONS,
  ...DEPLOY_OPTIONS,
  {
    name: 'seed',
    kind: 'flag',
    commands: ['create'],
    default: 'false',
    about: 'Create a seed instead of a migration.',
  },
  {
    name: 'from-sql',
    kind: 'text',
    commands: ['create'],
    placeholder: 'file',
    default: '',
    about:
      'File with the SQL of the up. The down is derived from what it does on a scratch server, and is written only if the proof passes.',
  },
  {
    name: 'format',
    kind: 'choice',
    commands: REPORTING,
    choices: FORMATS,
    placeholder: 'format',
    default: 'text',
    about: 'Format of the printed report.',
  },
  {
    name: 'output',
    kind: 'lines',
    commands: REPORTING,
    placeholder: 'format=file',
    default: '',
    about: 'Also write the report to a file (json=report.json). May be repeated.',
  },
  {
    name: 'verbose',
    kind: 'flag',
    commands: REPORTING,
    short: 'v',
    default: 'false',
    about: 'Print more, including every migration.',
  },
  {
    name: 'quiet',
    kind: 'flag',
    commands: REPORTING,
    short: 'q',
    default: 'false',
    about: 'Print only problems and the verdict.',
  },
  {
    name: 'color',
    kind: 'choice',
    choices: COLOURS,
    without: 'never',
    placeholder: 'when',
    default: 'auto',
    about: 'When to use colours: only on a terminal (auto), always or never. NO_COLOR and FORCE_COLOR are respected.',
  },
] as const satisfies readonly Option[]

export const PATH = {
  name: 'path',
  kind: 'lines',
  default: 'migrations',
  about:
    'Folders with migrations. A folder that holds migrations is one database. Otherwise each subfolder that holds some is one.',
} as const satisfies Option

const COMMAND = {
  name: 'command',
  kind: 'choice',
  choices: [...REPORTING, COMMENT.name],
  default: 'check',
  about: 'The command to run.',
} as const satisfies Option

export type OptionName = (typeof OPTIONS)[number]['name'] | 'path' | 'command'

/** Command, path and the options of the action, in the order of the documentation. */
export const INPUTS: readonly Option[] = [
  COMMAND,
  PATH,
  ...OPTIONS.filter((option) => REPORTING.some((command) => isOptionOf(option, command))),
  ...ACTION_OPTIONS,
]
