// Options of the commands on live databases.
import { LIVE_COMMANDS } from '../../report/run-report.js'
import { CHANGING } from './commands.js'
import type { Option } from './option.js'

export const LIVE_OPTIONS = [
  {
    name: 'to',
    kind: 'text',
    commands: ['up', 'down', 'baseline', 'plan', 'deploy', 'rollback'],
    placeholder: 'version',
    default: '',
    about: 'The version that is the newest applied one afterwards (down, rollback and baseline: 0 for none).',
  },
  {
    name: 'steps',
    kind: 'number',
    commands: ['down', 'rollback'],
    placeholder: 'number',
    default: '',
    about: 'How many migrations are taken back. Without it one.',
  },
  {
    name: 'down',
    kind: 'flag',
    commands: ['seed'],
    default: 'false',
    about: 'Take back all seeds of one database instead.',
  },
  {
    name: 'dry-run',
    kind: 'flag',
    commands: CHANGING,
    default: 'false',
    about: 'Say what would be done and do nothing.',
  },
  {
    name: 'allow-late',
    kind: 'flag',
    commands: ['up', 'plan', 'deploy'],
    default: 'false',
    about: 'Also apply what lies below the newest applied version, where the tool can record that.',
  },
  {
    name: 'wait',
    kind: 'duration',
    commands: LIVE_COMMANDS,
    placeholder: 'time',
    default: '',
    about:
      'How long to wait for the server and the database (60s); with status --check also for the database to be up to date.',
  },
  {
    name: 'lock-timeout',
    kind: 'duration',
    commands: LIVE_COMMANDS,
    placeholder: 'time',
    default: '5s',
    about:
      'How long one attempt waits for a lock before it lets others pass. After twelve attempts the step is given up.',
  },
  {
    name: 'statement-timeout',
    kind: 'duration',
    commands: LIVE_COMMANDS,
    placeholder: 'time',
    default: '',
    about: 'The longest that a statement may take. Without it as the server has it.',
  },
  {
    name: 'environment',
    kind: 'text',
    commands: LIVE_COMMANDS,
    placeholder: 'name',
    default: '',
    about: 'What the databases are for (development, staging, test, production). Without it APP_ENV, else development.',
  },
  {
    name: 'check',
    kind: 'flag',
    commands: ['status'],
    default: 'false',
    about: 'Fail when a database is not up to date.',
  },
  {
    name: 'drift',
    kind: 'flag',
    commands: ['status'],
    default: 'false',
    about: 'Also compare the live schema with the one that the files make, object by object.',
  },
  {
    name: 'accept-differences',
    kind: 'flag',
    commands: ['baseline', 'restore'],
    default: 'false',
    about: 'Go on although the schema is not what it should be: not what the files make, or not what was backed up.',
  },
  {
    name: 'clear-dirty',
    kind: 'flag',
    commands: ['baseline'],
    default: 'false',
    about: 'Also take away the mark of a migration that began and did not end.',
  },
] as const satisfies readonly Option[]
