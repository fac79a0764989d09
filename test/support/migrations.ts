// Migrations and settings for tests of the proof, made from SQL text.
import { createHash } from 'node:crypto'
import type { DatabaseConfig } from '../../src/model/config.js'
import type { Migration, Script, TransactionMode } from '../../src/model/migration.js'
import { splitStatements } from '../../src/sql/statements.js'
import type { ChainMigration } from './chains.js'

/** With mode `none` each statement is a message of its own, otherwise the whole text is one. */
export function script(file: string, sql: string, transaction: TransactionMode = 'wrapped'): Script {
  const texts =
    transaction === 'none'
      ? splitStatements(sql).map(({ start, end }) => ({ text: sql.slice(start, end), start }))
      : [{ text: sql, start: 0 }]
  return {
    file,
    transaction,
    messages: texts.map(({ text, start }) => {
      const before = sql.slice(0, start).split('\n')
      return {
        text,
        lines: text.split('\n').map((_, i) => before.length + i),
        column: (before.at(-1) ?? '').length + 1,
      }
    }),
    checksum: createHash('sha256').update(sql).digest('hex'),
  }
}

export type MigrationText = {
  readonly version: string
  readonly name: string
  readonly up: string
  readonly down: string | undefined
  readonly transaction?: TransactionMode
  readonly irreversible?: string | undefined
}

/** One without a version, which runs again whenever it changes. */
export const repeatable = (name: string, up: string): Migration => ({
  id: `R__${name}`,
  version: '',
  name,
  kind: 'schema',
  up: script(`R__${name}.sql`, up),
  down: undefined,
  code: undefined,
  irreversible: undefined,
  repeat: 'on change',
})

export function migration({ version, name, up, down, transaction, irreversible }: MigrationText): Migration {
  const id = `${version}_${name}`
  return {
    id,
    version,
    name,
    kind: 'schema',
    up: script(`${id}.up.sql`, up, transaction),
    down: down === undefined ? undefined : script(`${id}.down.sql`, down, transaction),
    code: undefined,
    irreversible: irreversible === undefined ? undefined : { reason: irreversible, place: undefined },
  }
}

/** A random chain as the proof takes it. A file with its own BEGIN and COMMIT is sent as one message. */
export const migrationsOf = (chain: readonly ChainMigration[]): readonly Migration[] =>
  chain.map((each) => migration({ ...each, transaction: each.transaction === 'own' ? 'message' : each.transaction }))

export const databaseConfig: DatabaseConfig = {
  name: 'test_db',
  folder: 'migrations/test_db',
  layout: undefined,
  naming: undefined,
  history: { kind: undefined, table: undefined },
  dsn: 'TEST_DB_DSN',
  transaction: undefined,
  session: 'reset',
  setup: [],
  standIns: {},
  extensions: [],
  irreversible: {},
  unit: 'each',
  journal: 'on',
  production: 'deploy',
}
