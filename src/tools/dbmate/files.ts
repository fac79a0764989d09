// The dbmate layout: one file for each migration, `-- migrate:up` and `-- migrate:down`.
import type { Migration, Message } from '../../model/migration.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { type Order, type Ordered, compareBytes } from '../../model/version.js'
import { duplicateProblems, ignoredOf, otherKind, subfolders } from '../ignored.js'
import { irreversibleOf } from '../irreversible.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool.js'
import {
  isDump,
  isLeftover,
  isMeantFor,
  isSqlLike,
  leftOutProblems,
  renames,
  unclear,
  type LeftOut,
} from '../left-out.js'
import { markedFor } from '../markers.js'
import { configuredScript } from '../configured-script.js'
import { problemsOf, type Trouble, linesOfFile, messageOf } from '../script.js'
import { scanLines } from '../go-text.js'

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
  const leftOut = leftOutOf(
    passedOver.map(({ file }) => file),
    migrations,
  )
  return {
    migrations: streams.map((stream) => stream.migration),
    ignored: [...ignoredOf(passedOver), ...subfolders(files)],
    leftOut,
    problems: [
      ...leftOutProblems(leftOut),
      ...duplicateProblems(
        migrations.map((file) => ({ key: versionOf(file), version: versionOf(file), id: idOf(file), file: file.path })),
        'dbmate applies the first file and then fails on the second. Where the version is recorded already, it treats both as applied.',
      ),
      ...streams.flatMap((stream) => stream.problems),
    ],
  }
}

/** dbmate v2.36.0 reads `^(\\d+).*\\.sql$` and passes over everything else. */
function leftOutOf(files: readonly SourceFile[], migrations: readonly SourceFile[]): readonly LeftOut[] {
  const rename = renames({
    titles: migrations.map(titleOf),
    same: (file) => {
      const plain = { ...file, name: file.name.replace(/\.\w+$/, '.sql') }
      const isFree = migrations.every((one) => versionOf(one) !== versionOf(plain))
      return isMigration(plain) && isFree ? { name: plain.name, version: versionOf(plain) } : undefined
    },
  })
  return files.flatMap((file): readonly LeftOut[] => {
    const { path, name } = file
    if (!isSqlLike(name) || isLeftover(name)) return []
    if (!isMeantFor(file, 'dbmate')) return name.endsWith('.sql') && !isDump(name) ? [unclear(file, 'dbmate')] : []
    const wrong = name.endsWith('.sql') ? 'does not begin with a number' : 'does not end in .sql'
    const message = `${name} ${wrong}, so dbmate passes over it`
    const why = 'dbmate skips the file silently, so it never runs.'
    return [{ file: path, effect: 'passes over', message, why, ...rename(file) }]
  })
}

function readOne(
  file: SourceFile,
  options: ReadOptions,
): { readonly migration: Migration; readonly problems: readonly Problem[] } {
  const id = idOf(file)
  const version = versionOf(file)
  const { irreversible, problems } = irreversibleOf({ id, version, files: [file], config: options.config })
  const name = titleOf(file)
  const base = { id, version, name, kind: options.kind, code: undefined, irreversible }
  if (file.unreadable !== undefined) return { migration: { ...base, up: undefined, down: undefined }, problems }
  const parse = parseDbmate(file.text)
  const script = (block: DbmateBlock | undefined): Migration['up'] =>
    block &&
    configuredScript(
      {
        file: file.path,
        transaction: block.transaction === 'none' ? 'none' : (options.config.transaction ?? 'wrapped'),
        messages: [block.message],
      },
      options.config.transaction,
    )
  const troubles = parse.error === undefined ? [] : [parse.error]
  return {
    migration: { ...base, up: script(parse.up), down: script(parse.down) },
    problems: [...problemsOf({ rule: 'unparsable', file: file.path, migration: id, troubles }), ...problems],
  }
}

/** The digits in front, as text: for dbmate `007` and `7` are two versions. */
const versionOf = (file: SourceFile): string => /^[0-9]+/.exec(file.name)?.[0] ?? ''

/** What follows the digits. */
const titleOf = (file: SourceFile): string =>
  idOf(file)
    .slice(versionOf(file).length)
    .replace(/^[-_.]/, '')

const named = (file: SourceFile): Ordered => ({ id: idOf(file), version: versionOf(file) })

const idOf = (file: SourceFile): string => file.name.replace(/\.sql$/, '')

/** The blocks with their marker lines, each sent as one message. `error` is why dbmate, or this program, refuses the file. */
export type DbmateParse =
  | { readonly up: DbmateBlock; readonly down: DbmateBlock; readonly error: undefined }
  | { readonly up: undefined; readonly down: undefined; readonly error: Trouble }

type DbmateBlock = { readonly message: Message; readonly transaction: 'wrapped' | 'none' }

const S = '[\\t\\n\\f\\r ]'
const directive = (word: string): RegExp =>
  new RegExp(`(?<![^\\n])--${S}*migrate:${word}(?:${S}*(?![^\\n])|${S}+[^\\t\\n\\f\\r ]+)`, 'g')
const UP = directive('up')
const DOWN = directive('down')
const WHY = 'dbmate refuses the file, and the run stops here.'

/**
 * dbmate's file grammar: parseMigrationContents of dbmate v2.35.0. Its patterns are RE2's: \s is [\t\n\f\r ], ^ and $ match at
 * \n only.
 */
export function parseDbmate(text: string): DbmateParse {
  const ups = positions(text, UP)
  const [up, second] = ups
  const downs = positions(text, DOWN)
  const [down, extra] = downs.filter((at) => up !== undefined && at > up)
  const place = placeIn(text)
  const refused = (at: number, message: string, fix: string): DbmateParse => ({
    up: undefined,
    down: undefined,
    error: { line: place(at), message, why: WHY, fix },
  })

  if (up === undefined) {
    if (text.startsWith('\uFEFF')) {
      return refused(
        0,
        'a byte order mark in front of "-- migrate:up"',
        'Save the file as UTF-8 without a byte order mark.',
      )
    }
    const near = /^[ \t]*--[ \t]*migrate:[ \t]*up/im.exec(text)
    return near === null
      ? refused(0, 'no "-- migrate:up"', 'Put "-- migrate:up" on the first line.')
      : refused(
          near.index,
          '"-- migrate:up" must be in lower case at the start of its line, with a space or nothing after it',
          'Write the line exactly as: -- migrate:up',
        )
  }
  const stray = scanLines(text.slice(0, up)).find((line) => !/^[\t\n\f\r ]*(?:--|$)/.test(line.text))
  if (stray !== undefined) {
    return refused(offsetOf(text, stray.number), 'a statement before "-- migrate:up"', 'Move it below "-- migrate:up".')
  }
  if (second !== undefined) {
    return {
      up: undefined,
      down: undefined,
      error: {
        line: place(second),
        message: 'a second "-- migrate:up" in one file',
        why: 'dbmate records the version after the first section, so the second one fails; the first stays applied and the file counts as done.',
        fix: 'Give each section a separate file.',
      },
    }
  }
  if (down === undefined && downs[0] !== undefined) {
    return refused(downs[0], '"-- migrate:down" before "-- migrate:up"', 'Put "-- migrate:up" first.')
  }
  if (down === undefined) {
    const near = /^[ \t]*--[ \t]*migrate:[ \t]*down/im.exec(text)
    return refused(
      near?.index ?? up,
      'no "-- migrate:down": dbmate requires one, even if nothing follows it',
      'Write "-- migrate:down" at the start of a line, and below it what rolls the migration back.',
    )
  }
  if (extra !== undefined)
    return refused(extra, 'a second "-- migrate:down"', 'Keep one "-- migrate:down" in the file.')
  return {
    up: block(text, { start: up, end: down }),
    down: block(text, { start: down, end: text.length }),
    error: undefined,
  }
}

const positions = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map((match) => match.index)

function block(text: string, part: { readonly start: number; readonly end: number }): DbmateBlock {
  const message = messageOf({ text, lines: linesOfFile(text), ...part })
  return { message, transaction: optionsOf(message.text).get('transaction') === 'false' ? 'none' : 'wrapped' }
}

/** `key:value` words on the rest of the marker's line; the last one of a key counts. */
function optionsOf(blockText: string): ReadonlyMap<string, string> {
  const [first = ''] = blockText.split('\n', 1)
  const rest = first.replace(/^--[\t\n\f\r ]*migrate:(?:up|down)/, '')
  const pairs = rest.split(/[\t\n\f\r ]+/).map((word) => word.split(':'))
  return new Map(
    pairs.flatMap(([key, value, more]) =>
      key !== undefined && value !== undefined && more === undefined ? [[key, value] as const] : [],
    ),
  )
}

const placeIn =
  (text: string) =>
  (offset: number): number =>
    text.slice(0, offset).split('\n').length

const offsetOf = (text: string, line: number): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length + (line > 1 ? 1 : 0)
