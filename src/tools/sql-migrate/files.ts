// The sql-migrate layout: one file for each migration, `-- +migrate Up` and `-- +migrate Down`, known by its file name.
import type { Direction, Migration, Script } from '../../model/migration.js'
import type { Order, Ordered } from '../../model/file-order.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { compareBytes, compareNumbers } from '../../model/version.js'
import { ignoredOf, otherKind, subfolders } from '../ignored.js'
import { irreversibleOf } from '../irreversible.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool-files.js'
import { markedFor } from '../markers.js'
import { problemsOf } from '../script.js'
import { scriptOf } from '../script.js'
import { parseSqlMigrate } from './parser.js'

export const sqlMigrateFiles: ToolFiles = { recognise, read }

/** sql-migrate v1.8.0: the number in front first, names without one after all numbers, then the file name as text. */
export const byPrefix: Order = (a, b) => {
  const left = prefixOf(a.version)
  const right = prefixOf(b.version)
  if (left !== undefined && right !== undefined) {
    return compareNumbers(left, right) || compareBytes(a.version, b.version)
  }
  if (left === undefined && right === undefined) return compareBytes(a.version, b.version)
  return left === undefined ? 1 : -1
}

const MAX_PREFIX = 9223372036854775807n

/** Hidden files are read too, as sql-migrate does. */
const isMigration = (file: SourceFile): boolean => !file.name.includes('/') && file.name.endsWith('.sql')

function recognise(files: readonly SourceFile[]): ReturnType<ToolFiles['recognise']> {
  const sql = files.filter(isMigration)
  const marked = sql.filter((file) => markedFor(file.text) === 'sql-migrate').length
  return {
    migrations: marked,
    reason: `${String(marked)} of ${String(sql.length)} .sql files have sql-migrate commands (-- +migrate Up)`,
  }
}

function read(files: readonly SourceFile[], options: ReadOptions): Stream {
  const here = files.filter((file) => !file.name.includes('/'))
  const streams = here
    .filter(isMigration)
    .toSorted((a, b) => byPrefix(named(a), named(b)))
    .map((file) => readOne(file, options))
  return {
    migrations: streams.map((stream) => stream.migration),
    ignored: [...ignoredOf(here.filter((file) => !isMigration(file)).map(otherKind)), ...subfolders(files)],
    problems: streams.flatMap((stream) => stream.problems),
  }
}

function readOne(
  file: SourceFile,
  options: ReadOptions,
): { readonly migration: Migration; readonly problems: readonly Problem[] } {
  const id = idOf(file)
  const { irreversible, problems } = irreversibleOf({ id, version: file.name, files: [file], config: options.config })
  const base = {
    id,
    version: file.name,
    name: id.replace(/^\d+[-_.]?/, ''),
    kind: options.kind,
    code: undefined,
    irreversible,
  }
  const named = [...prefixProblem(file, id), ...problems]
  if (file.unreadable !== undefined) return { migration: { ...base, up: undefined, down: undefined }, problems: named }
  const parse = parseSqlMigrate(file.text)
  const nothingUp = parse.errors.length === 0 && parse.up === undefined
  const script = (direction: Direction): Script | undefined => {
    const messages = direction === 'up' && nothingUp ? [] : parse[direction]
    if (messages === undefined || parse.errors.length > 0) return undefined
    const transaction = parse.notransaction.includes(direction) ? 'none' : (options.config.transaction ?? 'wrapped')
    return scriptOf({ file: file.path, transaction, messages })
  }
  return {
    migration: { ...base, up: script('up'), down: script('down') },
    problems: [
      ...problemsOf({ rule: 'unparsable', file: file.path, migration: id, troubles: parse.errors }),
      ...problemsOf({ rule: 'sql-migrate-passed-over', file: file.path, migration: id, troubles: parse.passedOver }),
      ...(nothingUp ? [withoutUp(file, id)] : []),
      ...named,
    ],
  }
}

/** sql-migrate applies such a file all the same. */
const withoutUp = (file: SourceFile, id: string): Problem => ({
  rule: 'unpaired',
  migration: id,
  place: { file: file.path, line: 1, column: 1 },
  message: `${id} has no up`,
  why: 'sql-migrate runs nothing and records the migration as applied.',
  fix: 'Put "-- +migrate Up" on the first line and its statements below; with nothing to do, a comment is enough.',
})

const named = (file: SourceFile): Ordered => ({ id: idOf(file), version: file.name })

const idOf = (file: SourceFile): string => file.name.replace(/\.sql$/, '')

const prefixOf = (name: string): string | undefined => /^\d+/.exec(name)?.[0]

function prefixProblem(file: SourceFile, id: string): readonly Problem[] {
  const prefix = prefixOf(file.name)
  if (prefix === undefined || BigInt(prefix) <= MAX_PREFIX) return []
  return [
    {
      rule: 'file-name',
      migration: id,
      place: { file: file.path, line: 1, column: 1 },
      message: `the number in front of ${file.name} is larger than ${String(MAX_PREFIX)}`,
      why: 'sql-migrate panics when it reads such a name, for every command.',
      fix: 'Use a shorter number, for example a time as YYYYMMDDHHMMSS.',
    },
  ]
}
