// Backups of live databases, and their restores, with PostgreSQL's own programs.
import type { BackupOptions, BackupReport, DumpObstacle } from '../release/backup.js'
import type { Difference } from '../catalog/difference.js'
import type { TableName } from '../state/history.js'

/** A live database: its name in the configuration, the variable with its DSN, and the tool's table in it. */
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
   * Takes a backup and checks it. Leaves nothing of an unfinished one. Rejects with a UserError of kind `environment`:
   * no pg_dump for this server, no room, a missing right, an archive that cannot be read or restored.
   */
  readonly take: (
    about: Backed & { readonly options: BackupOptions },
  ) => Promise<Extract<BackupReport, { kind: 'dump' }>>
  /**
   * What keeps a dump of the database from being restored by pg_restore alone: routines that need a search_path, tables
   * that are read while others are loaded. Runs nothing of the database on the live server. Rejects with a UserError of
   * kind `environment` if it cannot be reached.
   */
  readonly obstacles: (about: Backed) => Promise<readonly DumpObstacle[]>
  /**
   * The structure of the database as one SQL text without owners and rights, for a dry run of `scripts` on a scratch
   * copy. It creates the roles that the scripts or the structure name. Rejects as `take` does.
   */
  readonly structure: (about: Backed & { readonly scripts: readonly string[] }) => Promise<string>
  /**
   * Restores an archive, or the only one of the database in a folder, into a new database beside the live one; or takes
   * the copy that an earlier start made of this archive, if it is unchanged. Compares the result with the record of the
   * archive, and leaves the live database alone. Rejects with a UserError: `use` for a file that is no archive, or of
   * another database; `environment` otherwise.
   */
  readonly restore: (about: Backed & RestoreOptions) => Promise<Restored>
  /** Puts a restored database in the place of the live one, and keeps that under another name. */
  readonly swap: (about: Backed & { readonly restored: string }) => Promise<Swapped>
  /**
   * What a rollback of the last swap would bring in again, and what it would lose. Swaps nothing. Rejects with a
   * UserError of kind `use` when there is nothing to roll back, or it was already rolled back.
   */
  readonly foresee: (about: Backed) => Promise<Foreseen>
  /** Rolls back a swap. `coming` is the former live database. */
  readonly undo: (about: Backed & { readonly coming: string }) => Promise<Swapped>
}

/** `free`: the bytes that are free on the server's disk, undefined if that is unknown. */
export type RestoreOptions = { readonly archive: string; readonly jobs: number; readonly free: number | undefined }

/**
 * `database` is the name of the new one. `made`: by this start, with the bytes that it takes, or by an earlier one.
 * `eased` are sentences: what pg_restore alone would have failed at. `elsewhere` is a sentence when the record names another database or server.
 * `differences` compare its catalogue with the fingerprint. `rows` are the tables whose number of rows differs from the
 * record. Both are empty when the archive is right. `since` is how the live database differs. `bound` are the objects
 * that the server binds to it and not to its name. `notes` are sentences.
 */
export type Restored = {
  readonly database: string
  readonly made: { readonly by: 'this start'; readonly bytes: number } | { readonly by: 'an earlier start' }
  readonly eased: readonly string[]
  readonly elsewhere: string | undefined
  readonly same: boolean
  readonly differences: readonly Difference[]
  readonly rows: readonly TableRows[]
  readonly since: Since
  readonly bound: readonly string[]
  readonly notes: readonly string[]
  readonly milliseconds: number
}

/** `coming` is the name of the database that would be live again. `since` and `bound` are as in Restored. */
export type Foreseen = { readonly coming: string; readonly since: Since; readonly bound: readonly string[] }

/**
 * `rows` are tables whose number of rows differs now, if it could be counted; `history` is the tool's own among them.
 * `schema` is what the swap would do to the schema, including rights of roles.
 */
export type Since = {
  readonly rows: readonly TableRows[]
  readonly history: TableRows | undefined
  readonly schema: readonly Difference[]
}

export type TableRows = { readonly table: string; readonly backup: number; readonly now: number }

/** `live` is the name that both had in turn. `kept` is the name of the former live database now. */
export type Swapped = {
  readonly live: string
  readonly kept: string
  readonly ended: number
  readonly milliseconds: number
  readonly notes: readonly string[]
}
