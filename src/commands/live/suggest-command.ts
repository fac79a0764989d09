// Commands to be pasted, about the same folders, config and environment as the run that prints them.
import { shellWord } from '../../model/shell-quote.js'
import { whereWords } from './database-argument.js'
import type { Running } from './run.js'
import { environmentOf } from './connect.js'

/** `pg-migration-gate COMMAND`, then what the run was told of where to look, then `words`. */
export function pasted(
  { request, world }: Pick<Running, 'request' | 'world'>,
  command: string,
  words: readonly string[],
): string {
  const environment = `--environment ${shellWord(environmentOf(request, world))}`
  return ['pg-migration-gate', command, ...whereWords(request), environment, ...words].join(' ')
}

/** The databases of a run where it named some. */
export const sameDatabases = ({ request }: Pick<Running, 'request'>): readonly string[] =>
  request.databases.length === 0 ? [] : [`--databases ${request.databases.map(shellWord).join(',')}`]
