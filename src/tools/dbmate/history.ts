// amacneil/dbmate: a row for each applied version, which is text: `001` and `1` are two. It takes no lock.
import type { History } from '../../state/history.js'
import { literal } from '../../sql/quote.js'
import { noLocks, rowForEach } from '../row-per-version.js'

const keyOf: History['keyOf'] = ({ version }) => version

export const dbmate: History = {
  ...rowForEach(keyOf),
  kind: 'dbmate',
  table: 'schema_migrations',
  looks: 'in one schema',
  home: { schema: 'public', when: 'no search_path' },
  folded: false,
  columns: ['version'],
  types: ['text', 'character varying'],
  distinctive: false,
  takesMore: true,
  create: (table) => `CREATE TABLE IF NOT EXISTS ${table} (version varchar PRIMARY KEY)`,
  read: (table) => `SELECT version FROM ${table} ORDER BY version COLLATE "C"`,
  record: (table, migration) => `INSERT INTO ${table} (version) VALUES (${literal(keyOf(migration))})`,
  remove: (table, migration) => `DELETE FROM ${table} WHERE version = ${literal(keyOf(migration))}`,
  begin: undefined,
  late: 'possible',
  locks: noLocks,
}
