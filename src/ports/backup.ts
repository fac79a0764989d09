// Backups of live databases and ways back from them, with PostgreSQL's own programs.
import type { BackupOptions, BackupReport } from '../release/backup.js'
import type { Difference } from '../catalog/difference.js'
import type { TableName } from '../state/history.js'

/** A live database: its name in the configuration, the variable that holds its DSN, and the tool's table in it. */
export type Backed = {
  readonly name: string
  readonly dsn: string
  readonly history: TableName | undefined
  /** As in TargetOptions. */
  readonly tls: 'usual' | 'verified'
  readonly signal: AbortSignal
}

export interface Backups {
  /**
   * Takes a backup and checks it; nothing of an unfinished one is left. Rejects with a UserError of kind `environment`: no
   * pg_dump as new as the server, no room, a right that is missing, an archive that cannot be read back or restored.
   */
  readonly take: (
    about: Backed & { readonly options: BackupOptions },
  ) => Promise<Extract<BackupReport, { kind: 'dump' }>>
  /**
   * The structure of the database as one SQL text without owners and rights, for a scratch copy on which `scripts` are to be
   * tried; it makes the roles that they or the structure name. Rejects as `take` does.
   */
  readonly structure: (about: Backed & { readonly scripts: readonly string[] }) => Promise<string>
  /**
   * Restores an archive, or the only one of the database in a folder, into a new database beside the live one and compares
   * it with what its record says; the live one is not touched. Rejects with a UserError: `use` where the file is no archive, or
   * of another database; `environment` otherwise.
   */
  readonly restore: (about: Backed & { readonly archive: string; readonly jobs: number }) => Promise<Restored>
  /** Puts a restored database in the place of the live one, which is kept under another name. */
  readonly swap: (about: Backed & { readonly restored: string }) => Promise<Swapped>
  /**
   * What rolling back the last swap would bring in again, and lose; nothing is swapped. Rejects with a UserError of kind `use`
   * where there is nothing to roll back, or that was done already.
   */
  readonly foresee: (about: Backed) => Promise<Foreseen>
  /** Rolls back a swap: `coming` is what was live before. */
  readonly undo: (about: Backed & { readonly coming: string }) => Promise<Swapped>
}

/**
 * `database` is the new one's name. `elsewhere` is a sentence where the record says that the backup is of another database or
 * server than this one. `differences` are those of its catalogue from the fingerprint's, `rows` the tables whose
 * number of rows is another one than the record says; both are empty when the archive holds what it should. `since`: what the live
 * database has otherwise; `bound`: what the server holds for it and not for its name; `notes` are sentences.
 */
export type Restored = {
  readonly database: string
  readonly elsewhere: string | undefined
  readonly same: boolean
  readonly differences: readonly Difference[]
  readonly rows: readonly TableRows[]
  readonly since: Since
  readonly bound: readonly string[]
  readonly notes: readonly string[]
  readonly milliseconds: number
}

/** `coming` is the name of the database that would be live again; `since` and `bound` as in Restored. */
export type Foreseen = { readonly coming: string; readonly since: Since; readonly bound: readonly string[] }

/**
 * `rows`: tables that hold another number of rows now, where it could be counted; `schema`: what bringing the other one in
 * would do to the schema, rights of roles among it.
 */
export type Since = { readonly rows: readonly TableRows[]; readonly schema: readonly Difference[] }

export type TableRows = { readonly table: string; readonly backup: number; readonly now: number }

/** `live` is the name that both had in turn, `kept` the one that the former live database has now. */
export type Swapped = {
  readonly live: string
  readonly kept: string
  readonly ended: number
  readonly milliseconds: number
  readonly notes: readonly string[]
}
