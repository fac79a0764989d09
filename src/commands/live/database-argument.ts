// How a database was named on the command line, for commands that are to be pasted: they are about the same one.
import { shellWord } from '../../model/shell-quote.js'
import type { LiveRequest } from '../shared/request.js'

/** The folders and the config of a request, as words. */
export const whereWords = ({ paths, config }: Pick<LiveRequest, 'paths' | 'config'>): readonly string[] => [
  ...paths.map(shellWord),
  ...(config === undefined ? [] : [`--config ${shellWord(config)}`]),
]

/** What stands behind `pg-migration-gate COMMAND` for one database of a request; the environment where it was given. */
export const aboutDatabase = (request: Pick<LiveRequest, 'paths' | 'config' | 'environment'>, name: string): string =>
  [
    ...whereWords(request),
    ...(request.environment === undefined ? [] : [`--environment ${shellWord(request.environment)}`]),
    `--databases ${shellWord(name)}`,
  ].join(' ')
