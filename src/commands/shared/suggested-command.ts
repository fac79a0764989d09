// Suggested commands: for the same folders, config, environment and databases as the run that prints them.
import { shellWord } from '../../model/shell-quote.js'
import type { LiveRequest, PlanRequest } from './request.js'

/** The folders and the config of a request, as arguments. */
const whereWords = ({ paths, config }: Pick<LiveRequest, 'paths' | 'config'>): readonly string[] => [
  ...paths.map(shellWord),
  ...(config === undefined ? [] : [`--config ${shellWord(config)}`]),
]

/**
 * The arguments after `pg-migration-gate COMMAND` for one database of a request, with the environment if it was given.
 */
export const databaseWords = (request: Pick<LiveRequest, 'paths' | 'config' | 'environment'>, name: string): string =>
  [
    ...whereWords(request),
    ...(request.environment === undefined ? [] : [`--environment ${shellWord(request.environment)}`]),
    `--databases ${shellWord(name)}`,
  ].join(' ')

/** `pg-migration-gate COMMAND`, then the folders, the config and the environment, then `words`. */
export const suggestCommand = (
  { request, environment }: { readonly request: Pick<LiveRequest, 'paths' | 'config'>; readonly environment: string },
  command: string,
  words: readonly string[],
): string =>
  ['pg-migration-gate', command, ...whereWords(request), `--environment ${shellWord(environment)}`, ...words].join(' ')

/** What an `up`, a `plan` or a `deploy` accepts knowingly: the same for the commands that follow. */
export const allowedWords = ({ late, existing }: Pick<PlanRequest, 'late' | 'existing'>): readonly string[] => [
  ...(late === 'allow' ? ['--allow-late'] : []),
  ...(existing === 'allow' ? ['--allow-existing'] : []),
]

/** The databases of a run, if it names any. */
export const sameDatabases = ({ databases }: Pick<LiveRequest, 'databases'>): readonly string[] =>
  databases.length === 0 ? [] : [`--databases ${databases.map(shellWord).join(',')}`]
