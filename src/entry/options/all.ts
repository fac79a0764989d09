// Every option, once: the command line, the inputs of the action, action.yml and the table in the documentation come from here.

import { COLOURS, FAIL_LEVELS, FORMATS, PROOFS, SCOPES, UNITS } from './option.js'
import { COMMENT, REPORTING, WITH_SCRATCH } from './commands.js'
import { ACTION_OPTIONS } from './action.js'
import { isOptionOf, type Option } from './option.js'
import { DEPLOY_OPTIONS } from './release.js'
import { LIVE_OPTIONS } from './live.js'

/** `path` is an argument on the command line, `command` the first word there. */
export const OPTIONS = [
  {
    name: 'config',
    kind: 'text',
    placeholder: 'file',
    default: '',
    about: 'Config file. Without it migration-gate.yml is read where there is one.',
  },
  {
    name: 'databases',
    kind: 'list',
    commands: REPORTING,
    placeholder: 'names',
    default: '',
    about: 'Only these databases, by name. Without it all of them.',
  },
  {
    name: 'server',
    kind: 'text',
    placeholder: 'url',
    default: '',
    commands: WITH_SCRATCH,
    about:
      'PostgreSQL to prove on (postgres://user:password@host:port/database). Only scratch databases are made there. Without it a server is started and removed again.',
  },
  {
    name: 'postgres',
    commands: WITH_SCRATCH,
    kind: 'number',
    placeholder: 'major',
    default: '',
    about: 'Major version of the server that is started (15). Without it the newest at hand.',
  },
  {
    name: 'disposable-server',
    commands: WITH_SCRATCH,
    kind: 'flag',
    default: 'false',
    about: 'The given server may also get and lose roles, tablespaces and settings: it is thrown away afterwards.',
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
      'How migrations are proved: on a scratch database, guided by what each step touches (guided), or not at all (none). With none, plan, deploy and rollback make no dry run first.',
  },
  {
    name: 'unit',
    commands: ['check'],
    kind: 'choice',
    choices: UNITS,
    placeholder: 'unit',
    default: '',
    about: 'What is taken back in one go, whatever the config says: each migration, a range, or only the whole chain.',
  },
  {
    name: 'fail-on',
    commands: ['check'],
    kind: 'choice',
    choices: FAIL_LEVELS,
    placeholder: 'level',
    default: 'error',
    about: 'The lowest level of a finding that fails the run.',
  },
  {
    name: 'base',
    commands: ['check'],
    kind: 'text',
    placeholder: 'name',
    default: '',
    about:
      'Branch, tag or commit that the change is compared with; none for nothing. Without it the base of the pull request that started the run, if one did.',
  },
  {
    name: 'since-release',
    commands: ['check'],
    kind: 'text',
    placeholder: 'pattern',
    default: '',
    about: 'Compare with the newest tag of this pattern (v*) instead: the way from the last release to now.',
  },
  {
    name: 'scope',
    commands: ['check'],
    kind: 'choice',
    choices: SCOPES,
    placeholder: 'what',
    default: '',
    about:
      'What is proved when there is something to compare with, whatever the config says: what the change touches and all after it (changed), or all.',
  },
  {
    name: 'fix',
    commands: ['check'],
    kind: 'flag',
    default: 'false',
    about: 'Write repairs of downs that were proved into the files, and say what they drop.',
  },
  {
    name: 'update-debt',
    commands: ['check'],
    kind: 'flag',
    default: 'false',
    about: 'Write all that is found into migration-gate.debt.json: from then on only what is new fails.',
  },
  ...LIVE_OPTIONS,
  ...DEPLOY_OPTIONS,
  {
    name: 'seed',
    kind: 'flag',
    commands: ['create'],
    default: 'false',
    about: 'A seed of the database instead of a migration.',
  },
  {
    name: 'from-sql',
    kind: 'text',
    commands: ['create'],
    placeholder: 'file',
    default: '',
    about: 'The SQL of the up. The down is derived from what it does on a scratch server, and written if it proves.',
  },
  {
    name: 'format',
    kind: 'choice',
    commands: REPORTING,
    choices: FORMATS,
    placeholder: 'format',
    default: 'text',
    about: 'What is printed.',
  },
  {
    name: 'output',
    kind: 'lines',
    commands: REPORTING,
    placeholder: 'format=file',
    default: '',
    about: 'Also written to a file, as often as wanted (json=report.json).',
  },
  {
    name: 'verbose',
    kind: 'flag',
    commands: REPORTING,
    short: 'v',
    default: 'false',
    about: 'Print more: every migration.',
  },
  {
    name: 'quiet',
    kind: 'flag',
    commands: REPORTING,
    short: 'q',
    default: 'false',
    about: 'Print less: problems and the verdict.',
  },
  {
    name: 'color',
    kind: 'choice',
    choices: COLOURS,
    without: 'never',
    placeholder: 'when',
    default: 'auto',
    about: 'Colours: on a terminal only (auto), always or never. NO_COLOR and FORCE_COLOR count as well.',
  },
] as const satisfies readonly Option[]

export const PATH = {
  name: 'path',
  kind: 'lines',
  default: 'migrations',
  about: 'Folders with migrations: a folder that holds some is a database, otherwise each of its subfolders that does.',
} as const satisfies Option

const COMMAND = {
  name: 'command',
  kind: 'choice',
  choices: [...REPORTING, COMMENT.name],
  default: 'check',
  about: 'What to do.',
} as const satisfies Option

export type OptionName = (typeof OPTIONS)[number]['name'] | 'path' | 'command'

/** Command, path and the options that the action knows, in the order of the documentation. */
export const INPUTS: readonly Option[] = [
  COMMAND,
  PATH,
  ...OPTIONS.filter((option) => REPORTING.some((command) => isOptionOf(option, command))),
  ...ACTION_OPTIONS,
]
