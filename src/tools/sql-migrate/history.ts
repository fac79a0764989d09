// rubenv/sql-migrate: a row for each applied file, by the name of the file with its ending. It takes no lock.
import type { History } from '../../state/history.js'
import { literal } from '../../sql/quote.js'
import { noLocks, rowForEach, utc } from '../row-per-version.js'

const keyOf: History['keyOf'] = ({ version }) => version

export const sqlMigrate: History = {
  ...rowForEach(keyOf),
  kind: 'sql-migrate',
  table: 'gorp_migrations',
  looks: 'along the search_path',
  folded: false,
  columns: ['id', 'applied_at'],
  types: ['text'],
  distinctive: false,
  // It reads all columns, and stops at an unknown one ("gorp: no fields").
  takesMore: false,
  create: (table) =>
    `CREATE TABLE IF NOT EXISTS ${table} ("id" text NOT NULL PRIMARY KEY, "applied_at" timestamp with time zone)`,
  read: (table) => `SELECT "id", ${utc('"applied_at"')} FROM ${table} ORDER BY "applied_at", "id"`,
  record: (table, migration) =>
    `INSERT INTO ${table} ("id", "applied_at") VALUES (${literal(keyOf(migration))}, clock_timestamp())`,
  remove: (table, migration) => `DELETE FROM ${table} WHERE "id" = ${literal(keyOf(migration))}`,
  begin: undefined,
  late: 'possible',
  locks: noLocks,
}
