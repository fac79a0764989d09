// The Targets port: from a name in the configuration to a database to work on, with the tables that the environment names.
import type { Target, Targets, TableFromEnvironment } from '../../../ports/target.js'
import type { Machine } from '../server/machine.js'
import { brokenConnection, LostConnection } from './connection.js'
import { connect, readAddress, type Address } from './connect.js'
import { once } from './patience.js'
import { readFacts } from './server-facts.js'
import { LiveTarget } from './target.js'
import { UserError } from '../../../model/errors.js'
import { identifier } from '../../../sql/quote.js'

/** `environment` holds the variables with the DSNs, and libpq's PG* ones. `log` gets a line about what a run waits for. */
export const createTargets = ({
  environment,
  log = () => undefined,
}: Pick<Machine, 'environment'> & { readonly log?: (text: string) => void }): Targets => ({
  open: async (options): Promise<Target> => {
    const { signal, waitMs } = options
    const { name, dsn: variable, tls = 'usual' } = options
    const address = readAddress({ name, variable, environment, tls })
    const tables = readTables(address, { environment })
    const waits = once((what) => log(`${name}: waiting for ${what}`))
    const link = await connect({ address, waitMs, signal, waits })
    try {
      const another = () => connect({ address, waitMs: 0, signal, waits })
      const limitMs = Math.max(LONGEST_ANSWER_MS, waitMs)
      const facts = await readFacts({ link, place: address.place, another, limitMs, signal, waits })
      return new LiveTarget({ link, address, facts, options, tables, waits })
    } catch (error) {
      await link.close()
      throw error instanceof LostConnection ? brokenConnection(address.place, error) : error
    }
  },
})

/** How long a server, or a pooler in front of it, may take for its first answers. */
const LONGEST_ANSWER_MS = 5_000

/** Variables that goose and dbmate read without a flag (`goose -h`, `dbmate -h`). */
const VARIABLES = { goose: 'GOOSE_TABLE', dbmate: 'DBMATE_MIGRATIONS_TABLE' } as const

/**
 * Tables of tools that are named outside of our config: in the DSN, and in the tools' own variables. Throws a UserError
 * (`use`) for a table that golang-migrate refuses.
 */
function readTables(
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
