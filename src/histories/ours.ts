// A table of our own, for folders of pairs whose tool is not known: versions of any length, in a schema that no tool uses.
import { literal, withoutRow, type History } from '../core/history.js'

export const ours: History = {
  kind: 'ours',
  table: 'migration_gate.applied',
  create: (table) => `CREATE SCHEMA migration_gate; CREATE TABLE ${table} (id text NOT NULL)`,
  record: (table, migration) => `INSERT INTO ${table} VALUES (${literal(migration.id)})`,
  read: (table) => `SELECT id FROM ${table}`,
  pending: withoutRow((migration) => migration.id),
}
