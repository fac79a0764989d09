// Our own table, for folders of pairs whose tool is unknown: versions of any length, in a schema that no tool uses.
import type { History } from '../../state/history.js'
import { literal } from '../../sql/quote.js'
import { noLocks, rowForEach, utc } from '../row-per-version.js'

const keyOf: History['keyOf'] = ({ id }) => id

export const ours: History = {
  ...rowForEach(keyOf),
  kind: 'ours',
  table: 'migration_gate.applied',
  looks: 'in one schema',
  home: { schema: 'migration_gate', when: 'always' },
  folded: false,
  columns: ['id', 'applied_at'],
  types: ['text'],
  distinctive: false,
  takesMore: false,
  create: (table) =>
    `CREATE SCHEMA IF NOT EXISTS migration_gate; CREATE TABLE ${table} (id text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  read: (table) => `SELECT id, ${utc('applied_at')} FROM ${table} ORDER BY applied_at, id COLLATE "C"`,
  record: (table, migration) => `INSERT INTO ${table} (id) VALUES (${literal(keyOf(migration))})`,
  remove: (table, migration) => `DELETE FROM ${table} WHERE id = ${literal(keyOf(migration))}`,
  begin: undefined,
  late: 'possible',
  locks: noLocks,
}
