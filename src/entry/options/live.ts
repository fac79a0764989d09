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
    about: 'Target version: the newest applied version afterwards. With down, rollback and baseline, 0 means none.',
  },
  {
    name: 'steps',
    kind: 'number',
    commands: ['down', 'rollback'],
    placeholder: 'number',
    default: '',
    about: 'Number of migrations to roll back. Default: 1.',
  },
  {
    name: 'down',
    kind: 'flag',
    commands: ['seed'],
    default: 'false',
    about: 'Roll back all seeds of one database.',
  },
  {
    name: 'dry-run',
    kind: 'flag',
    commands: CHANGING,
    default: 'false',
    about: 'Dry run: report what would be done, and change nothing.',
  },
  {
    name: 'allow-late',
    kind: 'flag',
    commands: ['up', 'plan', 'deploy'],
    default: 'false',
    about: 'Also apply out-of-order migrations (below the newest applied version), if the tool can record them.',
  },
  {
    name: 'allow-existing',
    kind: 'flag',
    commands: ['up', 'plan', 'deploy'],
    default: 'false',
    about: 'Also begin in a database that has tables, but no history that explains them.',
  },
  {
    name: 'wait',
    kind: 'duration',
    commands: LIVE_COMMANDS,
    placeholder: 'time',
    default: '',
    about:
      'How long to wait for the server and the database (60s). With status --check, also until the database is up to date.',
  },
  {
    name: 'lock-timeout',
    kind: 'duration',
    commands: LIVE_COMMANDS,
    placeholder: 'time',
    default: '5s',
    about:
      'How long one attempt waits for a lock before it lets other sessions pass. After twelve attempts the step fails.',
  },
  {
    name: 'statement-timeout',
    kind: 'duration',
    commands: LIVE_COMMANDS,
    placeholder: 'time',
    default: '',
    about: 'Longest time for one statement. Default: the setting of the server.',
  },
  {
    name: 'environment',
    kind: 'text',
    commands: LIVE_COMMANDS,
    placeholder: 'name',
    default: '',
    about: 'Environment of the databases (development, staging, test, production). Default: APP_ENV, else development.',
  },
  {
    name: 'check',
    kind: 'flag',
    commands: ['status'],
    default: 'false',
    about: 'Fail if a database is not up to date.',
  },
  {
    name: 'drift',
    kind: 'flag',
    commands: ['status'],
    default: 'false',
    about: 'Also compare the live schema with the schema that the migrations create, object by object.',
  },
  {
    name: 'accept-differences',
    kind: 'flag',
    commands: ['baseline', 'restore'],
    default: 'false',
    about: 'Continue although the schema differs from the migrations (baseline) or from the backup (restore).',
  },
  {
    name: 'clear-dirty',
    kind: 'flag',
    commands: ['baseline'],
    default: 'false',
    about: 'Also remove the dirty mark of a migration that failed half way.',
  },
] as const satisfies readonly Option[]
