// The dbmate layout: one file for each migration, `-- migrate:up` and `-- migrate:down`.
import type { Migration } from '../../model/migration.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import type { Order, Ordered } from '../../model/file-order.js'
import { compareBytes } from '../../model/version.js'
import { parseDbmate, type DbmateBlock } from './parser.js'
import { duplicateProblems } from '../ignored.js'
import { ignoredOf, otherKind, subfolders } from '../ignored.js'
import { irreversibleOf } from '../irreversible.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool-files.js'
import { markedFor } from '../markers.js'
import { problemsOf } from '../script.js'
import { scriptOf } from '../script.js'

export const dbmateFiles: ToolFiles = { recognise, read }

/** dbmate v2.35.0 sorts whole file names as text: `10_b.sql` before `9_a.sql`, `1_a-b.sql` before `1_a.sql`. */
export const byFileName: Order = (a, b) => compareBytes(`${a.id}.sql`, `${b.id}.sql`)

const isMigration = (file: SourceFile): boolean => !file.name.includes('/') && /^[0-9]+.*\.sql$/.test(file.name)

function recognise(files: readonly SourceFile[]): ReturnType<ToolFiles['recognise']> {
  const sql = files.filter((file) => !file.name.includes('/') && file.name.endsWith('.sql'))
  const marked = sql.filter((file) => isMigration(file) && markedFor(file.text) === 'dbmate').length
  return {
    migrations: marked,
    reason: `${String(marked)} of ${String(sql.length)} .sql files have dbmate's markers (-- migrate:up)`,
  }
}

function read(files: readonly SourceFile[], options: ReadOptions): Stream {
  const here = files.filter((file) => !file.name.includes('/'))
  const migrations = here.filter(isMigration).toSorted((a, b) => byFileName(named(a), named(b)))
  const streams = migrations.map((file) => readOne(file, options))
  const passedOver = here
    .filter((file) => !isMigration(file))
    .map((file) =>
      file.name.endsWith('.sql')
        ? { file, reason: 'dbmate reads only names that start with a number' }
        : otherKind(file),
    )
  return {
    migrations: streams.map((stream) => stream.migration),
    ignored: [...ignoredOf(passedOver), ...subfolders(files)],
    problems: [
      ...duplicateProblems(
        migrations.map((file) => ({ key: versionOf(file), version: versionOf(file), id: idOf(file), file: file.path })),
        'dbmate applies the first file and then fails on the second. Where the version is recorded already, it treats both as applied.',
      ),
      ...streams.flatMap((stream) => stream.problems),
    ],
  }
}

function readOne(
  file: SourceFile,
  options: ReadOptions,
): { readonly migration: Migration; readonly problems: readonly Problem[] } {
  const id = idOf(file)
  const version = versionOf(file)
  const { irreversible, problems } = irreversibleOf({ id, version, files: [file], config: options.config })
  const name = id.slice(version.length).replace(/^[-_.]/, '')
  const base = { id, version, name, kind: options.kind, code: undefined, irreversible }
  if (file.unreadable !== undefined) return { migration: { ...base, up: undefined, down: undefined }, problems }
  const parse = parseDbmate(file.text)
  const script = (block: DbmateBlock | undefined): Migration['up'] =>
    block &&
    scriptOf({
      file: file.path,
      transaction: block.transaction === 'none' ? 'none' : (options.config.transaction ?? 'wrapped'),
      messages: [block.message],
    })
  const troubles = parse.error === undefined ? [] : [parse.error]
  return {
    migration: { ...base, up: script(parse.up), down: script(parse.down) },
    problems: [...problemsOf({ rule: 'unparsable', file: file.path, migration: id, troubles }), ...problems],
  }
}

/** The digits in front, as text: for dbmate `007` and `7` are two versions. */
const versionOf = (file: SourceFile): string => /^[0-9]+/.exec(file.name)?.[0] ?? ''

const named = (file: SourceFile): Ordered => ({ id: idOf(file), version: versionOf(file) })

const idOf = (file: SourceFile): string => file.name.replace(/\.sql$/, '')
