// node-pg-migrate: a row for each applied file, by its name without the ending; the order of the rows is checked.
import type { History } from '../../state/history.js'
import { literal } from '../../sql/quote.js'
import { appliedRows, historyRows, newestFirst, rowForEach, utc } from '../row-per-version.js'
import { nodePgMigrateReads } from './tool-names.js'

/** Pairs are one migration to its `sql` loader, which knows them by the name in front of `.up.sql`. */
const keyOf: History['keyOf'] = ({ id }) => id

export const nodePgMigrate: History = {
  ...rowForEach(keyOf),
  kind: 'node-pg-migrate',
  table: 'pgmigrations',
  looks: 'in one schema',
  home: { schema: 'public', when: 'always' },
  folded: false,
  columns: ['id', 'name', 'run_on'],
  distinctive: false,
  takesMore: true,
  reads: nodePgMigrateReads,
  create: (table) =>
    `CREATE TABLE ${table} (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
  read: (table) => `SELECT name, ${utc('run_on')} FROM ${table} ORDER BY run_on, id`,
  applied: (migrations, all) => {
    const rows = historyRows(all)
    return { ...appliedRows({ migrations, rows, keyOf }), backwards: newestFirst({ migrations, rows, keyOf }) }
  },
  record: (table, migration) => `INSERT INTO ${table} (name, run_on) VALUES (${literal(keyOf(migration))}, NOW())`,
  remove: (table, migration) => `DELETE FROM ${table} WHERE name = ${literal(keyOf(migration))}`,
  begin: undefined,
  late: 'possible',
  locks: () => [{ kind: 'advisory', key: '7241865325823964' }],
}
