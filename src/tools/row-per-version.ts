// What tools have in common that keep one row for each applied migration.
import type { Applied, History, HistoryRow, Rows } from '../state/history.js'
import type { Migration } from '../model/migration.js'

type KeyOf = (migration: Migration) => string

/** A column of time as `HistoryRow.at`. Without a zone, it counts as in the zone of the session, as now() wrote it. */
export const utc = (column: string): string =>
  `to_char(${column}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Rows whose first column is the key, and whose second, if there is one, the time. */
export const historyRows = (rows: Rows): readonly HistoryRow[] =>
  rows.flatMap(([key, at]) => (key === null || key === undefined ? [] : [{ key, at: at ?? undefined }]))

/** Every key counts as applied; of several rows the last has the time. */
export function appliedRows(options: {
  readonly migrations: readonly Migration[]
  readonly rows: readonly HistoryRow[]
  readonly keyOf: KeyOf
}): Applied {
  const { migrations, rows, keyOf } = options
  const byKey = new Map(rows.map((row) => [row.key, row]))
  const known = new Set(migrations.map(keyOf))
  return {
    migrations: migrations.flatMap((migration) => {
      const row = byKey.get(keyOf(migration))
      return row === undefined ? [] : [{ migration, at: row.at }]
    }),
    missing: [...byKey.values()].filter(({ key }) => !known.has(key)),
    dirty: undefined,
    repeated: [...new Set(rows.filter((row) => byKey.get(row.key) !== row).map(({ key }) => key))],
    edited: [],
  }
}

/** `applied` and `pending` of a tool that keeps one row for each applied migration. */
export const rowForEach = (keyOf: KeyOf): Pick<History, 'keyOf' | 'applied' | 'pending'> => ({
  keyOf,
  applied: (migrations, rows) => appliedRows({ migrations, rows: historyRows(rows), keyOf }),
  pending: (migrations, rows) => {
    const applied = new Set(rows.map(([key]) => key))
    return migrations.filter((migration) => !applied.has(keyOf(migration)))
  },
})

/** The migrations of the rows, in the order of the rows, newest first. */
export function newestFirst(options: {
  readonly migrations: readonly Migration[]
  readonly rows: readonly HistoryRow[]
  readonly keyOf: KeyOf
}): readonly Migration[] {
  const byKey = new Map(options.migrations.map((migration) => [options.keyOf(migration), migration]))
  const keys = new Set(options.rows.toReversed().map(({ key }) => key))
  return [...keys].flatMap((key) => byKey.get(key) ?? [])
}

export const noLocks = (): readonly never[] => []
