// diesel: a row for each applied version, which is text without its dashes. It takes no lock.
import type { History } from '../../state/history.js'
import { literal } from '../../sql/quote.js'
import { noLocks, rowForEach, utc } from '../row-per-version.js'

const keyOf: History['keyOf'] = ({ version }) => version.replaceAll('-', '')

export const diesel: History = {
  ...rowForEach(keyOf),
  kind: 'diesel',
  table: '__diesel_schema_migrations',
  looks: 'along the search_path',
  folded: true,
  columns: ['version', 'run_on'],
  distinctive: false,
  takesMore: true,
  create: (table) =>
    `CREATE TABLE IF NOT EXISTS ${table} (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
  read: (table) => `SELECT version, ${utc('run_on')} FROM ${table} ORDER BY run_on, version COLLATE "C"`,
  record: (table, migration) => `INSERT INTO ${table} (version) VALUES (${literal(keyOf(migration))})`,
  remove: (table, migration) => `DELETE FROM ${table} WHERE version = ${literal(keyOf(migration))}`,
  begin: undefined,
  late: 'possible',
  locks: noLocks,
}
