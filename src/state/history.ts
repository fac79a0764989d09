// The table in which a tool keeps what it has applied: how it is made, read and written, and how it is locked.
import type { HistoryKind } from '../model/config.js'
import type { Direction, Migration } from '../model/migration.js'
import { identifier } from '../sql/quote.js'

/** What a `read` query gave: every value as text, in the order of its columns. */
export type Rows = readonly (readonly (string | null)[])[]

/**
 * A row of a tool's table: `key` is what the tool knows a migration by (see `keyOf`), `at` when it was applied as text of
 * timestamptz in UTC ISO form, where the tool keeps it. Order: the order in which the tool applied them, where it is known.
 */
export type HistoryRow = { readonly key: string; readonly at: string | undefined }

/** What a table says about the migrations of a folder. */
export type Applied = {
  /** Applied migrations that have a file, in the tool's order of files. */
  readonly migrations: readonly { readonly migration: Migration; readonly at: string | undefined }[]
  /** Applied, but no file: the keys. */
  readonly missing: readonly HistoryRow[]
  /** Begun and not ended, as the tool's own format marks it (golang-migrate dirty, sqlx success = false): its key. */
  readonly dirty: string | undefined
  /**
   * What a mark of golang-migrate tells, which names the version that it was going to: below the first one it was a `down`;
   * `either` where it may have been the up of that version or the down of the one above. undefined: it was an up.
   */
  readonly dirtyFrom?: 'down' | 'either'
  /** Keys that stand in the table more than once, where once is all there should be. */
  readonly repeated: readonly string[]
  /** sqlx: applied migrations whose checksum in the table is not the file's, by key. Empty for tools without checksums. */
  readonly edited: readonly string[]
  /** sqlx: those of `edited` whose text is the same but for its line ends (LF, CRLF). */
  readonly lineEndsOnly?: readonly string[]
  /**
   * goose before 3.5: versions whose newest row says is_applied = false. Its status calls them pending and its down passes
   * over them, but its up never applies them again. They are in neither `migrations` nor `pending`.
   */
  readonly takenBack?: readonly string[]
  /** The applied migrations as the tool's own down takes them back, where that is not the order of files backwards. */
  readonly backwards?: readonly Migration[]
}

export type TableName = { readonly schema: string; readonly name: string }

/** What the tool itself takes before it writes. `key` is a bigint as text. */
export type Lock =
  { readonly kind: 'advisory'; readonly key: string } | { readonly kind: 'table'; readonly table: TableName }

/**
 * One tool's table, in its own words. In all functions `table` is a name that can stand in SQL as it is (see `sqlName`),
 * `migrations` are those of the folder in the tool's order of files, and `rows` are those of `read`.
 * `record`, `remove` and `begin` throw a UserError (`use`) for a version that the tool's table has no place for.
 */
export type History = {
  /** `ours` is our own table, which no config names. */
  readonly kind: HistoryKind
  /** Default name, unqualified (`ours`: with its schema); where it is looked for is for tools/detect-history.ts to say. */
  readonly table: string
  /** Where the tool looks for the table: in the one schema that it found out at its start, or wherever the search_path leads. */
  readonly looks: 'in one schema' | 'along the search_path'
  /** Where the tool makes its table, whatever the search_path is, or only where no schema of that exists. */
  readonly home?: { readonly schema: string; readonly when: 'always' | 'no search_path' }
  /** Whether the tool puts the name into its SQL as it is, where PostgreSQL turns it into lower case. */
  readonly folded: boolean
  /** Names of the columns by which the table is known when it is found in a database: these and no others. */
  readonly columns: readonly string[]
  /** Types (format_type) of which one of these columns has to be, where other tools use the same names. */
  readonly types?: readonly string[]
  /** Whether these columns leave no doubt about the tool, under whatever name the table is found. */
  readonly telling: boolean
  /** Whether the tool goes on where a migration or a person added columns. */
  readonly takesMore: boolean
  /** What the tool knows a migration by, as `read` gives it back. */
  readonly keyOf: (migration: Migration) => string
  /** Statements that make the table (and its first rows) exactly as the newest version of the tool does. */
  readonly create: (table: string) => string
  /** One SELECT without a side effect. */
  readonly read: (table: string) => string
  readonly applied: (migrations: readonly Migration[], rows: Rows) => Applied
  /** SQL that records an up. */
  readonly record: (table: string, migration: Migration) => string
  /** SQL that records a down; `left` are the migrations still applied after it, in the tool's order. */
  readonly remove: (table: string, migration: Migration, left: readonly Migration[]) => string
  /**
   * SQL that marks as begun, for steps that cannot run in one transaction with their row; `left` are the migrations
   * applied once a down is through. undefined: the tool knows no such mark.
   */
  readonly begin:
    ((table: string, migration: Migration, direction: Direction, left: readonly Migration[]) => string) | undefined
  /** What `up` of the tool would apply, in order. */
  readonly pending: (migrations: readonly Migration[], rows: Rows) => readonly Migration[]
  /** Whether a migration below the newest applied one can be recorded at all. */
  readonly late: 'possible' | 'impossible'
  /**
   * The tool's own locks, all of them, in the order to take them. `database` is current_database(), `schema` and `table`
   * the plain names of the table. Empty: the tool takes none.
   */
  readonly locks: (at: {
    readonly schema: string
    readonly table: string
    readonly database: string
  }) => readonly Lock[]
}

/** A table's name as it can stand in SQL, whatever the search_path is. */
export const sqlName = ({ schema, name }: TableName): string => `${identifier(schema)}.${identifier(name)}`
