// The list of histories, and which one the proof of a chain keeps.
import type { DatabaseConfig } from '../model/config.js'
import { UserError } from '../model/errors.js'
import type { History } from '../state/history.js'
import type { LayoutName, Migration } from '../model/migration.js'
import { identifier } from '../sql/quote.js'
import { dbmate } from './dbmate/history.js'
import { diesel } from './directories/diesel-history.js'
import { golangMigrate } from './pairs/golang-migrate-history.js'
import { goose } from './goose/history.js'
import { nodePgMigrate } from './pairs/node-pg-migrate-history.js'
import { ours } from './pairs/own-history.js'
import { sqlMigrate } from './sql-migrate/history.js'
import { sqlx } from './pairs/sqlx-history.js'
import { parseTableName } from './table-name.js'

export const histories: readonly History[] = [
  goose,
  golangMigrate,
  sqlMigrate,
  dbmate,
  diesel,
  sqlx,
  nodePgMigrate,
  ours,
]

const byLayout: Readonly<Record<LayoutName, History>> = {
  pairs: ours,
  goose,
  'sql-migrate': sqlMigrate,
  dbmate,
  directories: diesel,
}

/**
 * For a scratch database: the tool that the config names, else the layout's own, with a table whose schema is sure to be
 * there. Folders of pairs, and migrations of which that tool could not record every one, have a table of ours.
 */
export function historyOf(options: {
  readonly config: Pick<DatabaseConfig, 'history'>
  readonly layout: LayoutName
  readonly migrations: readonly Migration[]
}): History {
  const { kind, table } = options.config.history
  const history = kind === undefined ? byLayout[options.layout] : (histories.find((one) => one.kind === kind) ?? ours)
  if (history === ours || !options.migrations.every((migration) => isRecordable(history, migration))) return ours
  const name = table === undefined ? history.table : identifier(parseTableName(table, history.kind).name)
  // A migration that moves the search_path leads only those astray that follow it.
  return { ...history, table: history.looks === 'in one schema' ? `public.${name}` : name }
}

function isRecordable(history: History, migration: Migration): boolean {
  try {
    return history.record(history.table, migration) !== ''
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}
