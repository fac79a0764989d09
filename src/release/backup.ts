// A backup that was taken before a database is changed, as plain data.

/**
 * How an archive was checked: `read`: read back whole, which finds what is cut off or flipped; `restored`: restored into a
 * scratch database and compared with the live one as it was at that moment, catalogue and rows.
 */
export type BackupProof = 'read' | 'restored'

/**
 * What stands beside an archive (`<archive>.json`), so that whoever restores it knows what has to come out. `database` is
 * the name in the configuration, `system` the server's identifier. `file` is the archive's own name without a folder;
 * `bytes` and `sha256` (hex) are of it as it is kept, encrypted or not. `fingerprint` is that of the portable catalogue;
 * `rows` holds the number of rows by table (`public.users`), where they were counted at that moment.
 */
export type BackupSheet = {
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
}

/**
 * What a report says of a backup. `dump`: one of ours; `path` is where it is kept, `notes` are sentences about what it does
 * not hold. `external`: the user's own, whose identifier was given; nothing about it was checked.
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

/** How backups are to be taken. `key` is an age recipient (`age1...`); `command` is run by sh with the archive as `$1`. */
export type BackupOptions = {
  readonly folder: string
  readonly jobs: number
  readonly proof: BackupProof
  readonly key: string | undefined
  readonly command: string | undefined
}
