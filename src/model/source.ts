// A file as read, and places in files.

/**
 * `path` is from the repository root, `name` from the folder of the database, both with `/`. `text` is the bytes decoded
 * as UTF-8, with U+FFFD for invalid bytes and with a byte order mark kept. `unreadable` says why there is no content
 * (permission, a directory of that name).
 */
export type SourceFile = {
  readonly path: string
  readonly name: string
  readonly bytes: Uint8Array
  readonly text: string
  readonly unreadable: string | undefined
}

/** Path from the repository root with `/` as separator; line and column count from 1, columns in characters. */
export type Place = { readonly file: string; readonly line: number; readonly column: number }

/** Characters (code points) of a text, as PostgreSQL counts positions. */
export const characters = (text: string): number => Array.from(text).length
