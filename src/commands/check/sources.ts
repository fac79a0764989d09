// Files of a database with a text that they do not have yet, so that a tool can read them before they are written.
import type { SourceFile } from '../../model/source.js'
import type { ReadDatabase } from '../shared/read-database.js'

/** Whether the text is all that the file holds: its bytes are UTF-8. */
export const isText = ({ bytes, text }: SourceFile): boolean => Buffer.from(text, 'utf8').equals(bytes)

/** `path` is from the repository root, `name` from the folder. */
export const sourceOf = (path: string, name: string, text: string): SourceFile => ({
  path,
  name,
  text,
  unreadable: undefined,
  bytes: new TextEncoder().encode(text),
})

/** The name that a file of the schema has in its folder. */
export const nameIn = ({ config: { folder } }: ReadDatabase, path: string): string =>
  folder === '.' ? path : path.slice(folder.length + 1)
