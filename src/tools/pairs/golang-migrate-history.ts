// golang-migrate: one row that says how far the database is. All versions below count as applied.
import { crc32 } from 'node:zlib'
import type { Applied, History, Lock, Rows } from '../../state/history.js'
import type { Migration } from '../../model/migration.js'
import { integerKey, integerOf, isInteger } from '../integer-version.js'
import { golangMigrateReads } from './tool-names.js'

/** The version of a database whose first migration failed during its rollback: NilVersion of database/driver.go. */
const NONE = '-1'

/**
 * The tool empties the table by TRUNCATE; DELETE leaves the same row without blocking readers of the table.
 * A step in one transaction with its row is never seen dirty, where the tool itself takes three transactions.
 */
export const golangMigrate: History = {
  kind: 'golang-migrate',
  table: 'schema_migrations',
  looks: 'in one schema',
  folded: false,
  columns: ['version', 'dirty'],
  distinctive: true,
  takesMore: true,
  reads: golangMigrateReads,
  keyOf: integerKey,
  create: (table) =>
    `CREATE TABLE IF NOT EXISTS ${table} (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)`,
  read: (table) => `SELECT version, dirty FROM ${table} ORDER BY version`,
  applied,
  pending: (migrations, rows) => {
    const at = rows.at(-1)?.[0]
    return at === undefined || at === null ? migrations : migrations.filter((migration) => !reaches(at, migration))
  },
  record: (table, migration) => point(table, integerOf('golang-migrate', migration), false),
  remove: (table, _migration, left) => {
    const last = left.at(-1)
    return last === undefined ? `DELETE FROM ${table}` : point(table, integerOf('golang-migrate', last), false)
  },
  begin: (table, migration, direction, left) => {
    const target = direction === 'up' ? migration : left.at(-1)
    return point(table, target === undefined ? NONE : integerOf('golang-migrate', target), true)
  },
  late: 'impossible',
  locks,
}

/** The table should hold one row. Of several rows the tool reads any one. Here the highest counts, and the report lists all. */
function applied(migrations: readonly Migration[], rows: Rows): Applied {
  const keys = rows.flatMap(([key]) => key ?? [])
  const at = keys.at(-1)
  const through = at === undefined ? [] : migrations.filter((migration) => reaches(at, migration))
  const isThere = at === undefined || at === NONE || through.some((migration) => integerKey(migration) === at)
  return {
    migrations: through.map((migration) => ({ migration, at: undefined })),
    missing: isThere ? [] : [{ key: at, at: undefined }],
    dirty: rows.find(([, dirty]) => dirty === 't' || dirty === 'true')?.[0] ?? undefined,
    dirtyFrom: at === NONE ? 'down' : 'either',
    repeated: keys.length > 1 ? keys : [],
    edited: [],
  }
}

const reaches = (at: string, { version }: Migration): boolean => isInteger(version) && BigInt(version) <= BigInt(at)

const point = (table: string, version: string, dirty: boolean): string =>
  `DELETE FROM ${table}; INSERT INTO ${table} (version, dirty) VALUES (${version}, ${dirty})`

/**
 * GenerateAdvisoryLockId of database/util.go. The database is the path of the URL, slash included, where the caller
 * opens it by URL (the command line too). With a connection, it is current_database(). This program takes both locks.
 */
function locks(at: { readonly schema: string; readonly table: string; readonly database: string }): readonly Lock[] {
  const keys = [`/${at.database}`, at.database].map((name) => lockKey([at.schema, at.table, name]))
  return keys.toSorted((a, b) => (a < b ? -1 : 1)).map((key) => ({ kind: 'advisory', key: String(key) }))
}

const SALT = 1486364155n

/** `names` are those of the schema, the table and the database, in this order. */
export const lockKey = (names: readonly string[]): bigint => (BigInt(crc32(names.join('\0'))) * SALT) % 2n ** 32n
