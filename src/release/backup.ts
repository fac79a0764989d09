// A backup from before a change, as plain data.

/**
 * How an archive was checked. `read`: read back whole, which finds truncated or damaged files. `restored`: restored
 * into a scratch database. There catalogue and rows are compared with the live ones at the moment of the backup.
 */
export type BackupProof = 'read' | 'restored'

/**
 * The description next to an archive (`<archive>.json`): what a restore of it must give. `database` is the name in the
 * configuration, `system` the server's identifier. `file` is the archive's own name without a folder. `bytes` and
 * `sha256` (hex) are of the file as it is kept, encrypted or not. `fingerprint` is that of the portable catalogue.
 * `rows` holds the number of rows by table (`public.users`), if they were counted at that moment. `known` is what the
 * database knew its tables by.
 */
export type BackupRecord = {
  readonly schema: 1
  readonly database: string
  readonly place: string
  readonly system: string | undefined
  readonly server: string
  readonly client: string
  readonly taken: string
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly encrypted: boolean
  readonly fingerprint: string
  readonly rows: Readonly<Record<string, number>> | undefined
  readonly known?: KnownTables
}

/**
 * `database` is the OID of a database. `tables` are its tables by their names (`relation public.users`), each with its OID
 * and the numbers of its columns (`r 16390 1,2`).
 */
export type KnownTables = { readonly database: string; readonly tables: Readonly<Record<string, string>> }

/**
 * A backup in a report. `dump`: made by this tool. `path` is where it is kept, `notes` are sentences about what it does
 * not hold. `external`: the user's own, by its identifier; nothing about it was checked.
 */
export type BackupReport =
  | {
      readonly kind: 'dump'
      readonly path: string
      readonly bytes: number
      readonly sha256: string
      readonly encrypted: boolean
      readonly client: string
      readonly proof: BackupProof
      readonly notes: readonly string[]
      readonly milliseconds: number
    }
  | { readonly kind: 'external'; readonly id: string }

/** How to take backups. `key` is an age recipient (`age1...`). `command` is run by sh with the archive as `$1`. */
export type BackupOptions = {
  readonly folder: string
  readonly jobs: number
  readonly proof: BackupProof
  readonly key: string | undefined
  readonly command: string | undefined
}

/**
 * `fails`: pg_restore cannot restore it, or restores other values. `later`: as soon as its tables hold rows. `unknown`: it
 * could not be judged. `what` is the reason as a clause, `repair` SQL that ends it, if there is such SQL.
 */
export type DumpObstacle = {
  readonly kind: 'fails' | 'later' | 'unknown'
  readonly what: string
  readonly repair: readonly string[]
}
