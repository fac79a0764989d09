// Files of a made-up folder, as an adapter would have read them.
import type { SourceFile } from '../../src/model/source.js'
import type { ReadOptions, Stream, Tool } from '../../src/tools/tool.js'

export const FOLDER = 'migrations/core_db'

/** Files by name relative to the folder. */
export const sources = (files: Readonly<Record<string, string>>, folder = FOLDER): readonly SourceFile[] =>
  Object.entries(files).map(([name, text]) => ({
    path: `${folder}/${name}`,
    name,
    bytes: Buffer.from(text),
    text,
    unreadable: undefined,
  }))

export const options = (changes: Partial<ReadOptions> = {}): ReadOptions => ({
  kind: 'schema',
  config: {
    transaction: undefined,
    irreversible: {},
    naming: undefined,
    history: { kind: undefined, table: undefined },
  },
  environment: {},
  ...changes,
})

export const readFiles = (
  tool: Pick<Tool, 'files'>,
  files: Readonly<Record<string, string>>,
  changes?: Partial<ReadOptions>,
): Stream => tool.files.read(sources(files), options(changes))

/** Names only, each with the same harmless content. */
export const named = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, 'SELECT 1;']))
