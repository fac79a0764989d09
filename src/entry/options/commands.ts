// Every command, once, and which of them belong together.

/** Those that end with a report, on the command line and as the action's input `command`. */
export const COMMANDS = [
  { name: 'check', about: 'judge migrations: names, pairs, and a proof of every down on a scratch PostgreSQL' },
  { name: 'up', about: 'apply what is pending to the databases that the DSN variables name' },
  { name: 'down', about: 'take back the newest migration of one database' },
  { name: 'redo', about: 'take back the newest migration of one database and apply it again' },
  { name: 'status', about: 'say where each database stands: applied, pending, late, missing, edited' },
  { name: 'baseline', about: 'record versions as applied without running them, once the schema is seen to be theirs' },
  { name: 'seed', about: 'bring in rows for development, staging or tests; refuses production' },
  {
    name: 'plan',
    about: 'say exactly what a deploy would do, what it would lose and what stands in its way, under a digest',
  },
  { name: 'deploy', about: 'run an approved plan: look again, back up, apply, verify' },
  { name: 'rollback', about: 'take one database back after a backup and a statement of what it would lose' },
  { name: 'restore', about: 'put a backup in the place of a live database, which is kept' },
] as const

/** On the command line only, since it writes into a working tree. */
export const CREATE = {
  name: 'create',
  about: 'write the files of a new migration: the next free version, in the style of the folder',
} as const

/** As an action only, since it writes to a pull request. */
export const COMMENT = {
  name: 'comment',
  about: 'write the comment on a pull request from the report of a check that another job made',
} as const

export type ReportingCommand = (typeof COMMANDS)[number]['name']

export type Command = ReportingCommand | (typeof CREATE)['name']

/** What is done to production shows no password at all; elsewhere hiding a common one would hide harmless words, too. */
export const weakIn = (command: string): 'show' | 'hide' =>
  ['plan', 'deploy', 'rollback', 'restore'].includes(command) ? 'hide' : 'show'

export const REPORTING = COMMANDS.map(({ name }) => name)
export const CHANGING = ['up', 'down', 'redo', 'seed'] as const
export const WITH_SCRATCH = ['check', 'status', 'baseline', 'create', 'plan', 'deploy', 'rollback'] as const
