// A file as it was read, before anybody knows what it means.

/**
 * `path` is from the repository root, `name` from the folder of the database, both with `/`.
 * `text` is the bytes decoded as UTF-8 with U+FFFD for what is not UTF-8, and with a byte order mark kept.
 * `unreadable` says why there is no content (permission, a directory of that name).
 */
export type SourceFile = {
  readonly path: string
  readonly name: string
  readonly bytes: Uint8Array
  readonly text: string
  readonly unreadable: string | undefined
}
