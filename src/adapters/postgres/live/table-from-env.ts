// Tables of tools that are named outside of our config: in the DSN, and in the tools' own variables.
import { UserError } from '../../../model/errors.js'
import { identifier } from '../../../sql/quote.js'
import type { TableFromEnvironment } from '../../../ports/target.js'
import type { Address } from './connect.js'
import type { Machine } from '../server/machine.js'

/** Variables that goose and dbmate read without a flag (`goose -h`, `dbmate -h`). */
const VARIABLES = { goose: 'GOOSE_TABLE', dbmate: 'DBMATE_MIGRATIONS_TABLE' } as const

/** Rejects with a UserError (`use`) for a table that golang-migrate refuses. */
export function readTables(
  { dsn, variable }: Pick<Address, 'dsn' | 'variable'>,
  { environment }: Pick<Machine, 'environment'>,
): readonly TableFromEnvironment[] {
  const tables = (['goose', 'dbmate'] as const).flatMap((kind): readonly TableFromEnvironment[] => {
    const table = environment[VARIABLES[kind]]?.trim() ?? ''
    return table === '' ? [] : [{ kind, table, from: `the variable ${VARIABLES[kind]}` }]
  })
  const table = dsn['x-migrations-table'] ?? ''
  if (table === '') return tables
  const from = `x-migrations-table in ${variable}`
  return [
    ...tables,
    { kind: 'golang-migrate', table: asWritten(table, dsn['x-migrations-table-quoted'], variable), from },
  ]
}

/** Go's strconv.ParseBool. */
const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])

/**
 * As in Open of golang-migrate's database/postgres: without the second parameter the whole text is one name, dots
 * included.
 */
function asWritten(table: string, quoted: string | undefined, variable: string): string {
  if (quoted === undefined || !TRUE.has(quoted)) return identifier(table)
  const [, ...parts] = /^"([^"]*)"(?:\."([^"]*)")?$/.exec(table) ?? []
  const names = parts.filter((part): part is string => typeof part === 'string' && part !== '')
  if (names.length > 0) return names.map(identifier).join('.')
  throw new UserError({
    kind: 'use',
    what: `The DSN in ${variable} has an x-migrations-table that golang-migrate refuses together with x-migrations-table-quoted.`,
    fix: 'Write it as "schema"."table", with the quotes as %22.',
  })
}
