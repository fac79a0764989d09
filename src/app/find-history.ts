// Which table of a target holds the applied versions.
import type { DatabaseConfig } from '../core/config.js'
import { UserError } from '../core/errors.js'
import type { History } from '../core/history.js'
import type { LayoutName } from '../core/migration.js'
import { historyOf } from '../histories/index.js'
import { golangMigrate } from '../histories/golang-migrate.js'
import type { Target } from '../ports.js'

/** `table` is qualified and can stand in SQL as it is; `schema` and `name` are the parts as they are called. */
export type FoundHistory = {
  readonly history: History
  readonly table: string
  readonly schema: string
  readonly name: string
  readonly exists: boolean
}

export async function findHistory(options: {
  readonly target: Target
  readonly config: DatabaseConfig
  readonly layout: LayoutName
}): Promise<FoundHistory> {
  const { target, config, layout } = options
  const usual = historyOf(config, layout)
  const history = usual.kind === 'ours' ? golangMigrate : usual
  const parts = history.table.replaceAll('"', '').split('.')
  const name = parts.at(-1) ?? ''
  const schema = (parts.length > 1 && parts[0] !== 'public' ? parts[0] : undefined) ?? target.schema
  if (schema === undefined) {
    throw new UserError({ kind: 'environment', what: `${config.name}: no schema on the search_path`, fix: 'Create one.' })
  }
  const table = `${quote(schema)}.${quote(name)}`
  const [row] = await target.read(`SELECT to_regclass('${table.replaceAll("'", "''")}') IS NOT NULL`)
  return { history, table, schema, name, exists: row?.[0] === 't' }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
