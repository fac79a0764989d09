// The list of histories, and which one the proof of a chain keeps.
import type { DatabaseConfig } from '../core/config.js'
import type { History } from '../core/history.js'
import type { LayoutName } from '../core/migration.js'
import { dbmate } from './dbmate.js'
import { diesel } from './diesel.js'
import { golangMigrate } from './golang-migrate.js'
import { goose } from './goose.js'
import { nodePgMigrate } from './node-pg-migrate.js'
import { ours } from './ours.js'
import { sqlMigrate } from './sql-migrate.js'
import { sqlx } from './sqlx.js'

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

/** Tools that find out their schema once, so that a migration that moves the search_path does not lead them astray. */
const RESOLVED = new Set<History['kind']>(['golang-migrate', 'dbmate', 'node-pg-migrate'])

/**
 * For a scratch database: the tool that the config names, else the layout's own, with a table whose schema is sure to be
 * there. Folders of pairs keep a table of ours, which has a place for every version.
 */
export function historyOf(config: Pick<DatabaseConfig, 'history'>, layout: LayoutName): History {
  const { kind, table } = config.history
  const history = kind === undefined ? byLayout[layout] : (histories.find((one) => one.kind === kind) ?? ours)
  if (history === ours) return history
  const name = table?.slice(table.lastIndexOf('.') + 1) ?? history.table
  return { ...history, table: RESOLVED.has(history.kind) ? `public.${name}` : name }
}
