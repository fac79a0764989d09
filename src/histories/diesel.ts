// diesel: a row for each applied version, dashes removed.
import { literal, withoutRow, type History } from '../core/history.js'
import type { Migration } from '../core/migration.js'

const key = (migration: Migration): string => migration.version.replaceAll('-', '')

export const diesel: History = {
  kind: 'diesel',
  table: '__diesel_schema_migrations',
  create: (table) =>
    `CREATE TABLE ${table} (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
  record: (table, migration) => `INSERT INTO ${table} (version) VALUES (${literal(key(migration))})`,
  read: (table) => `SELECT version FROM ${table}`,
  pending: withoutRow(key),
}
