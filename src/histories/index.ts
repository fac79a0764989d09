// The list of histories, and which one a database has.
import type { DatabaseConfig } from '../core/config.js'
import type { History } from '../core/history.js'
import type { LayoutName } from '../core/migration.js'
import { dbmate } from './dbmate.js'
import { diesel } from './diesel.js'
import { golangMigrate } from './golang-migrate.js'
import { goose } from './goose.js'
import { ours } from './ours.js'
import { sqlMigrate } from './sql-migrate.js'

const histories: readonly History[] = [goose, golangMigrate, sqlMigrate, dbmate, diesel, ours]

const byLayout: Readonly<Record<LayoutName, History>> = {
  pairs: ours,
  goose,
  'sql-migrate': sqlMigrate,
  dbmate,
  directories: diesel,
}

/** What the config says, else the layout's own tool; a kind that is not built yet is kept in a table of ours. */
export function historyOf(config: Pick<DatabaseConfig, 'history'>, layout: LayoutName): History {
  const { kind, table } = config.history
  const history = kind === undefined ? byLayout[layout] : (histories.find((one) => one.kind === kind) ?? ours)
  return table === undefined || history === ours ? history : { ...history, table }
}
