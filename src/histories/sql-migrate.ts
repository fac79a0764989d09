// rubenv/sql-migrate: a row for each applied file, by the name of the file.
import { literal, withoutRow, type History } from '../core/history.js'

export const sqlMigrate: History = {
  kind: 'sql-migrate',
  table: '"gorp_migrations"',
  create: (table) => `CREATE TABLE ${table} ("id" text NOT NULL PRIMARY KEY, "applied_at" timestamp with time zone)`,
  record: (table, migration) => `INSERT INTO ${table} VALUES (${literal(migration.version)}, now())`,
  read: (table) => `SELECT "id" FROM ${table}`,
  pending: withoutRow((migration) => migration.version),
}
