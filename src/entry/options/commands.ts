// All commands, and which of them belong together.

/** Commands that end with a report, on the command line and in the action's input `command`. */
export const COMMANDS = [
  { name: 'check', about: 'check migration files, and prove every down on a scratch PostgreSQL' },
  { name: 'up', about: 'apply pending migrations to the databases that the DSN variables name' },
  { name: 'down', about: 'roll back the newest migration of one database' },
  { name: 'redo', about: 'roll back the newest migration of one database and apply it again' },
  { name: 'status', about: 'show the state of each database: applied, pending, out of order, missing, edited' },
  { name: 'baseline', about: 'record versions as applied without running them, if the schema matches' },
  { name: 'seed', about: 'run seeds for development, staging or tests (refuses production)' },
  {
    name: 'plan',
    about: 'preview a deploy: its steps, data loss and obstacles, bound to a digest',
  },
  { name: 'deploy', about: 'run an approved plan: check again, back up, apply, verify' },
  { name: 'rollback', about: 'roll back one database, after a backup and a statement of its data loss' },
  { name: 'restore', about: 'replace a live database by a backup, and keep the previous one' },
] as const

/** Only on the command line, because it writes into a working tree. */
export const CREATE = {
  name: 'create',
  about: 'create the files of a new migration: the next free version, in the style of the folder',
} as const

/** Only in the action, because it writes to a pull request. */
export const COMMENT = {
  name: 'comment',
  about: 'write the comment on a pull request, from the report of a check in another job',
} as const

export type ReportingCommand = (typeof COMMANDS)[number]['name']

export type Command = ReportingCommand | (typeof CREATE)['name']

/** Production commands hide every password. Elsewhere, hiding a common password would also hide harmless words. */
export const weakIn = (command: string): 'show' | 'hide' =>
  ['plan', 'deploy', 'rollback', 'restore'].includes(command) ? 'hide' : 'show'

export const REPORTING = COMMANDS.map(({ name }) => name)
export const CHANGING = ['up', 'down', 'redo', 'seed'] as const
export const WITH_SCRATCH = ['check', 'status', 'baseline', 'create', 'plan', 'deploy', 'rollback'] as const
