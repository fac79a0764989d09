// The table in which a tool keeps what it has applied.
import type { HistoryKind } from './config.js'
import type { Migration } from './migration.js'

/**
 * One tool's table, in its own words. `table` is a name that can stand in SQL as it is; `rows` are those of `read`, all
 * values as text. `pending` says which of the migrations, in the tool's order, its `up` would apply.
 */
export type History = {
  readonly kind: HistoryKind | 'ours'
  readonly table: string
  readonly create: (table: string) => string
  readonly record: (table: string, migration: Migration) => string
  readonly read: (table: string) => string
  readonly pending: (migrations: readonly Migration[], rows: readonly (readonly string[])[]) => readonly Migration[]
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** For tools that keep a row for each: what has none is pending. */
export const withoutRow =
  (keyOf: (migration: Migration) => string): History['pending'] =>
  (migrations, rows) => {
    const applied = new Set(rows.map(([key]) => key))
    return migrations.filter((migration) => !applied.has(keyOf(migration)))
  }
