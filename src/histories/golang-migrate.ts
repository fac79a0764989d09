// golang-migrate: one row that says how far the database is. What lies below counts as applied.
import { type History } from '../core/history.js'
import { compareNumbers, versionKey } from '../core/version.js'

/** Written in one transaction with the migration, so that no reader sees it dirty (the tool itself takes three). */
export const golangMigrate: History = {
  kind: 'golang-migrate',
  table: 'public.schema_migrations',
  create: (table) => `CREATE TABLE ${table} (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)`,
  record: (table, migration) =>
    `DELETE FROM ${table}; INSERT INTO ${table} (version, dirty) VALUES (${versionKey(migration.version)}, false)`,
  read: (table) => `SELECT version FROM ${table}`,
  pending: (migrations, rows) => {
    const at = rows[0]?.[0]
    return at === undefined ? migrations : migrations.filter(({ version }) => compareNumbers(version, at) > 0)
  },
}
