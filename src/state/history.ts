// The table of applied versions of a tool: its SQL and its locks.
import type { HistoryKind } from '../model/config.js'
import type { Direction, Migration } from '../model/migration.js'
import { identifier } from '../sql/quote.js'

/** The result of a `read` query: every value as text, in the order of its columns. */
export type Rows = readonly (readonly (string | null)[])[]

/**
 * A row of a tool's table. `key`: how the tool names a migration (see `keyOf`). `at`: when it was applied, as ISO 8601
 * in UTC, if the tool keeps it. The order is the one in which the tool applied them, if known.
 */
export type HistoryRow = { readonly key: string; readonly at: string | undefined }

/** What a table says about the migrations of a folder. */
export type Applied = {
  /** Applied migrations that have a file, in the tool's order of files. */
  readonly migrations: readonly { readonly migration: Migration; readonly at: string | undefined }[]
  /** The keys of applied migrations without a file. */
  readonly missing: readonly HistoryRow[]
  /**
   * The key of a step that began and did not end, as the tool marks it (golang-migrate dirty, sqlx success = false).
   */
  readonly dirty: string | undefined
  /**
   * golang-migrate's mark names only the target version. Below the first version it is a `down`. `either`: the up of
   * that version, or the down of the one above. Undefined: an up.
   */
  readonly dirtyFrom?: 'down' | 'either'
  /** Keys that the table has more than once. */
  readonly repeated: readonly string[]
  /** sqlx: keys of applied migrations whose checksum differs from the file's. Empty for tools without checksums. */
  readonly edited: readonly string[]
  /** sqlx: those of `edited` whose text is the same but for its line ends (LF, CRLF). */
  readonly lineEndsOnly?: readonly string[]
  /**
   * goose before 3.5: versions whose newest row says is_applied = false. Its status calls them pending and its down
   * skips them, but its up never applies them again. They are in neither `migrations` nor `pending`.
   */
  readonly rolledBack?: readonly string[]
  /** The applied migrations in the order of the tool's down, if that is not the reverse order of the files. */
  readonly backwards?: readonly Migration[]
}

export type TableName = { readonly schema: string; readonly name: string }

/** A lock that the tool takes before it writes. `key` is a bigint as text. */
export type Lock =
  | { readonly kind: 'advisory'; readonly key: string }
  | { readonly kind: 'table'; readonly table: TableName }

/**
 * What a tool does with a file of some name: it runs it as one direction, passes over it without a word, or refuses the
 * whole folder.
 */
export type NameReading = Direction | 'passes over' | 'refuses'

/**
 * The table of one tool. `table` is a quoted name for SQL (see `sqlName`). `migrations` are in the tool's order of
 * files, and `rows` come from `read`. `record`, `remove` and `begin` throw a UserError (`use`) for a version that the
 * table cannot hold.
 */
export type History = {
  /** `ours` is our own table, which no config names. */
  readonly kind: HistoryKind
  /** Default name, unqualified (`ours`: with its schema). detect-history.ts decides where to look for it. */
  readonly table: string
  /** Where the tool looks for the table: in the one schema from its start, or along the search_path. */
  readonly looks: 'in one schema' | 'along the search_path'
  /** Where the tool creates its table: always there, or only if the search_path has no schema. */
  readonly home?: { readonly schema: string; readonly when: 'always' | 'no search_path' }
  /** Whether the tool does not quote the name, so that PostgreSQL folds it to lower case. */
  readonly folded: boolean
  /** The columns that identify the table. A table with other columns is not a match. */
  readonly columns: readonly string[]
  /** Types (format_type), one of which the column must have, because other tools use the same names. */
  readonly types?: readonly string[]
  /** Whether these columns alone identify the tool, under any table name. */
  readonly distinctive: boolean
  /** Whether the tool accepts columns that a migration or a person added. */
  readonly takesMore: boolean
  /** What the tool does with the name of a file of its layout, where several tools read such files. */
  readonly reads?: (fileName: string) => NameReading
  /** How the tool names a migration, as `read` returns it. */
  readonly keyOf: (migration: Migration) => string
  /** Statements that create the table (and its first rows) exactly as the newest version of the tool does. */
  readonly create: (table: string) => string
  /** One SELECT without a side effect. */
  readonly read: (table: string) => string
  readonly applied: (migrations: readonly Migration[], rows: Rows) => Applied
  /** SQL that records an up. */
  readonly record: (table: string, migration: Migration) => string
  /** SQL that records a down. `left`: the migrations that stay applied, in the tool's order. */
  readonly remove: (table: string, migration: Migration, left: readonly Migration[]) => string
  /**
   * SQL that marks a step as begun, if it cannot run in one transaction with its row. `left`: the migrations that are
   * applied after a down. Undefined: the tool has no such mark.
   */
  readonly begin:
    | ((table: string, migration: Migration, direction: Direction, left: readonly Migration[]) => string)
    | undefined
  /** What the tool's `up` would apply, in order. */
  readonly pending: (migrations: readonly Migration[], rows: Rows) => readonly Migration[]
  /** Whether a migration below the newest applied one can be recorded at all. */
  readonly late: 'possible' | 'impossible'
  /**
   * The tool's own locks, in the order to take them. `database` is current_database(), `schema` and `table` are the
   * plain names of the table. Empty: the tool takes none.
   */
  readonly locks: (at: {
    readonly schema: string
    readonly table: string
    readonly database: string
  }) => readonly Lock[]
}

/** The quoted name of a table, independent of the search_path. */
export const sqlName = ({ schema, name }: TableName): string => `${identifier(schema)}.${identifier(name)}`
