// amacneil/dbmate: a row for each applied version, which is text: `001` and `1` are two.
import { literal, withoutRow, type History } from '../core/history.js'

export const dbmate: History = {
  kind: 'dbmate',
  table: 'public.schema_migrations',
  create: (table) => `CREATE TABLE ${table} (version varchar PRIMARY KEY)`,
  record: (table, migration) => `INSERT INTO ${table} (version) VALUES (${literal(migration.version)})`,
  read: (table) => `SELECT version FROM ${table}`,
  pending: withoutRow((migration) => migration.version),
}
