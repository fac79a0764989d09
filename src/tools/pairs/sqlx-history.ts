// sqlx: a row for each applied version, with the SHA-384 of its file.
import { crc32 } from 'node:zlib'
import { createHash } from 'node:crypto'
import { UserError } from '../../model/errors.js'
import type { Applied, History, Rows } from '../../state/history.js'
import type { Migration, Script } from '../../model/migration.js'
import { literal } from '../../sql/quote.js'
import { integerKey, integerOf } from '../integer-version.js'
import { appliedRows, historyRows, rowForEach, utc } from '../row-per-version.js'
import { sqlxReads } from './tool-names.js'

const keyOf = integerKey

/**
 * sqlx writes execution_time -1 in the migration's transaction and the nanoseconds after it; here they count from
 * the beginning of the transaction, in one statement. The library takes the lock, the command line takes none.
 */
export const sqlx: History = {
  ...rowForEach(keyOf),
  kind: 'sqlx',
  table: '_sqlx_migrations',
  looks: 'along the search_path',
  folded: true,
  columns: ['version', 'description', 'installed_on', 'success', 'checksum', 'execution_time'],
  distinctive: true,
  takesMore: true,
  reads: sqlxReads,
  create: (table) =>
    `CREATE TABLE IF NOT EXISTS ${table} (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL)`,
  read: (table) =>
    `SELECT version, ${utc('installed_on')}, success, encode(checksum, 'hex') FROM ${table} ORDER BY version`,
  applied,
  record: (table, migration) =>
    `INSERT INTO ${table} (version, description, success, checksum, execution_time) VALUES (${[
      integerOf('sqlx', migration),
      literal(descriptionOf(migration)),
      'true',
      `decode('${checksumOf(migration)}', 'hex')`,
      '(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000000000)::bigint',
    ].join(', ')})`,
  remove: (table, migration) => `DELETE FROM ${table} WHERE version = ${integerOf('sqlx', migration)}`,
  begin: undefined,
  late: 'possible',
  locks: ({ database }) => [{ kind: 'advisory', key: String(0x3d32ad9en * BigInt(crc32(database))) }],
}

function applied(migrations: readonly Migration[], rows: Rows): Applied {
  const checksums = new Map(rows.map(([version, , , checksum]) => [version, checksum]))
  const edited = migrations.filter((migration) => {
    const recorded = checksums.get(keyOf(migration))
    return migration.up?.sha384 !== undefined && recorded !== undefined && recorded !== migration.up.sha384
  })
  const sameWords = edited.filter((migration) => twins(migration.up).includes(checksums.get(keyOf(migration)) ?? ''))
  return {
    ...appliedRows({ migrations, rows: historyRows(rows), keyOf }),
    dirty: rows.find(([, , success]) => success === 'f' || success === 'false')?.[0] ?? undefined,
    edited: edited.map(keyOf),
    lineEndsOnly: sameWords.map(keyOf),
  }
}

function checksumOf({ id, up }: Migration): string {
  if (up?.sha384 !== undefined) return up.sha384
  throw new UserError({
    kind: 'use',
    what: `${id}: sqlx keeps a checksum of the up file, and no up file can be read`,
    fix: 'Write the up file, or set in the config (history.kind) which tool keeps this history.',
  })
}

/** The checksums that the file would have with the line ends of another system. */
function twins(script: Script | undefined): readonly string[] {
  const text = script?.messages.map((message) => message.text).join('') ?? ''
  const plain = text.replaceAll('\r\n', '\n')
  return [plain, plain.replaceAll('\n', '\r\n')].map((twin) => createHash('sha384').update(twin, 'utf8').digest('hex'))
}

/** What follows the first `_` of the file's name, its ending cut off as often as it is there, with spaces for each `_`. */
function descriptionOf({ id, up }: Migration): string {
  const file = up?.file.slice(up.file.lastIndexOf('/') + 1) ?? id
  const ending = file.endsWith('.up.sql') ? /(?:\.up\.sql)+$/ : /(?:\.sql)+$/
  return file
    .slice(file.indexOf('_') + 1)
    .replace(ending, '')
    .replaceAll('_', ' ')
}
