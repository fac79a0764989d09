// `create` on the command line: its arguments and options. The action does not know it, since it writes into a working tree.
import type { Command } from 'commander'
import type { CreateRequest } from '../app/create-request.js'
import { UserError } from '../core/errors.js'
import { COLOURS, CREATE_OPTIONS, OPTIONS, type Option } from './options.js'
import type { Show } from './read-options.js'
import { readChoice, readNumber } from './read-value.js'
import { TOOL } from './tool.js'

export type CreateOptions = { readonly request: CreateRequest; readonly colour: Show['colour'] }

/** Options of other commands that mean the same here. */
const SHARED: readonly string[] = ['config', 'server', 'postgres', 'disposable-server', 'color']

/** Adds the command to the program; `taken` gets what was read, before anything is done. */
export function addCreate(
  program: Command,
  addOption: (command: Command, option: Option) => void,
  taken: (options: () => CreateOptions) => void,
): void {
  const command = program
    .command('create')
    .description('write the files of a new migration: the next free version, in the style of the folder')
    .argument('<database>', 'Name of the database: its folder, or as in the config.')
    .argument('<name...>', 'What the migration does, in any spelling.')
  const shared: readonly Option[] = OPTIONS.filter(({ name }) => SHARED.includes(name))
  for (const option of [...CREATE_OPTIONS, ...shared]) addOption(command, option)
  command.action((database: string, name: readonly string[], values: Readonly<Record<string, unknown>>) => {
    taken(() => readCreate(database, name.join(' '), values))
  })
}

function readCreate(database: string, name: string, values: Readonly<Record<string, unknown>>): CreateOptions {
  const text = (key: string): string => (typeof values[key] === 'string' ? values[key].trim() : '')
  if (database.trim() === '') {
    throw new UserError({ kind: 'use', what: 'the database has no name', fix: `${TOOL.name} create DATABASE NAME` })
  }
  return {
    request: {
      command: 'create',
      database,
      name,
      seed: values['seed'] === true,
      fromSql: text('fromSql') || undefined,
      config: text('config') || undefined,
      server: text('server') || undefined,
      postgres: readNumber({ text: text('postgres'), name: '--postgres', example: '17' }),
      disposableServer: values['disposableServer'] === true,
    },
    colour:
      values['color'] === false
        ? 'never'
        : readChoice({ text: text('color'), choices: COLOURS, usual: 'auto', name: '--color' }),
  }
}
