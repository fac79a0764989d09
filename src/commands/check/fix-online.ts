// Writes the files of a proved online way (--fix): they take the place of a migration's own.
import type { Migration } from '../../model/migration.js'
import type { Fixed, LineEdit, MigrationReport, OnlineWay } from '../../report/check-report.js'
import type { SourceFile } from '../../model/source.js'
import type { ReadOptions } from '../../tools/tool.js'
import type { Files } from '../../ports/files.js'
import type { ReadDatabase } from '../shared/read-database.js'
import { isText, nameIn, sourceOf } from './sources.js'

/** `read` has the files as they are now. */
export type Rewritten = { readonly fixed: readonly Fixed[]; readonly read: ReadDatabase }

/** All files of the way, or none. A file that belongs to another migration, or to no one, is left as it is. */
export async function writeWay(options: {
  readonly read: ReadDatabase
  readonly id: string
  readonly way: OnlineWay
  readonly environment: ReadOptions['environment']
  readonly files: Pick<Files, 'kind' | 'write'>
}): Promise<Rewritten> {
  const { read, id, way, files } = options
  const written = way.files.map(({ path }): Fixed => ({
    database: read.config.name,
    migration: id,
    file: path,
    loses: [],
    online: true,
    problem: undefined,
  }))
  const now = withFiles(read, way)
  const problem = await problemOf({ ...options, now })
  if (problem !== undefined) return { fixed: written.slice(0, 1).map((one) => ({ ...one, problem })), read }
  for (const { path, text } of way.files) await files.write(path, text)
  return { fixed: written, read: { ...read, schema: { ...read.schema, files: now } } }
}

/** The whole way as an edit of lines, where it is one file that was there before. */
export function wayEdit(read: ReadDatabase, { id, online }: MigrationReport): LineEdit | undefined {
  const [file, ...others] = online?.files ?? []
  const source = read.schema.files.find(({ path }) => path === file?.path)
  const isOwn = read.schema.migrations.some(({ id: own, up }) => own === id && up?.file === source?.path)
  if (file === undefined || others.length > 0 || source === undefined || !isOwn || !isText(source)) return undefined
  if (source.text.includes('\r') || !source.text.endsWith('\n')) return undefined
  const [before, after] = [linesOf(source.text), linesOf(file.text)]
  const most = Math.min(before.length, after.length)
  const same = (count: number, isSame: (at: number) => boolean): number => {
    let at = 0
    while (at < count && isSame(at)) at++
    return at
  }
  const ahead = same(most, (at) => before[at] === after[at])
  // An edit has at least one line of before.
  const behind = same(Math.min(most - ahead, before.length - 1), (at) => before.at(-1 - at) === after.at(-1 - at))
  const from = Math.min(ahead, before.length - behind - 1)
  return {
    file: file.path,
    ...(from + 1 < before.length - behind && { from: from + 1 }),
    line: before.length - behind,
    text: after.slice(from, after.length - behind).join('\n'),
  }
}

const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n')

const withFiles = (read: ReadDatabase, { files }: OnlineWay): readonly SourceFile[] => {
  const paths = new Set(files.map(({ path }) => path))
  return [
    ...read.schema.files.filter(({ path }) => !paths.has(path)),
    ...files.map(({ path, text }) => sourceOf(path, nameIn(read, path), text)),
  ]
}

/** Why the files cannot be written, as the end of a sentence. */
async function problemOf({
  read,
  id,
  way,
  environment,
  files,
  now,
}: Parameters<typeof writeWay>[0] & { readonly now: readonly SourceFile[] }): Promise<string | undefined> {
  const migration = read.schema.migrations.find((one) => one.id === id)
  if (migration === undefined) return 'the migration is not there'
  const own = ownFiles(read, migration)
  for (const { path } of way.files) {
    const source = own.find((one) => one.path === path)
    if (source === undefined && (await files.kind(path)) !== undefined) return `${path} already exists`
    if (source !== undefined && !isText(source)) return 'the file is not UTF-8'
  }
  const readFrom = (sources: readonly SourceFile[]): readonly Migration[] =>
    read.schema.layout.files.read(sources, { kind: 'schema', config: read.config, environment }).migrations
  const [before, after] = [readFrom(read.schema.files), readFrom(now)]
  const added = new Set(way.migrations)
  const others = (all: readonly Migration[]): string =>
    JSON.stringify(
      all
        .filter((one) => one.id !== id && !added.has(one.id))
        .map((one) => [one.id, one.up?.checksum, one.down?.checksum]),
    )
  const isRight =
    way.migrations.every((wanted) => after.some((one) => one.id === wanted)) &&
    after.length === before.length + way.migrations.length - 1 &&
    others(after) === others(before)
  return isRight ? undefined : 'the tool would not read these files as the migrations of the way'
}

/** The migration's own files, with settings that lie beside them in its folder. */
function ownFiles({ schema }: ReadDatabase, { up, down }: Migration): readonly SourceFile[] {
  const settings = up?.file.replace(/[^/]*$/, 'metadata.toml')
  return schema.files.filter(({ path }) => path === up?.file || path === down?.file || path === settings)
}
