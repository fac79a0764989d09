// Reads the arguments and options of `create` into a request.
import type { CreateRequest } from '../../commands/create/request.js'
import { UserError } from '../../model/errors.js'
import { COLOURS } from '../options/option.js'
import { type OptionName } from '../options/all.js'
import type { Show } from '../options/read-options.js'
import { readerOf } from '../options/read-request.js'
import type { Naming } from '../options/read-value.js'
import { TOOL } from '../tool.js'

export type CreateOptions = { readonly request: CreateRequest; readonly colour: Show['colour'] }

/** Throws a UserError for the first wrong value. */
export function readCreate(
  words: { readonly database: string; readonly name: string; readonly read: (name: OptionName) => string },
  naming: Naming,
): CreateOptions {
  const { database, name } = words
  const { choice, flag, number, text } = readerOf(words.read, naming)
  if (database.trim() === '') {
    throw new UserError({ kind: 'use', what: 'the database has no name', fix: `${TOOL.name} create DATABASE NAME` })
  }
  return {
    request: {
      command: 'create',
      database,
      name,
      seed: flag('seed'),
      fromSql: text('from-sql'),
      config: text('config'),
      server: text('server'),
      postgres: number('postgres', '17'),
      disposableServer: flag('disposable-server'),
    },
    colour: choice('color', COLOURS, 'auto'),
  }
}
