// The sql-migrate layout: one file for each migration, `-- +migrate Up` and `-- +migrate Down`, known by its file name.
import type { Direction, Migration, Script, Message } from '../../model/migration.js'
import { type Order, type Ordered, compareBytes, compareNumbers } from '../../model/version.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { ignoredOf, otherKind, subfolders } from '../ignored.js'
import { irreversibleOf } from '../irreversible.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool.js'
import { markedFor } from '../markers.js'
import { configuredScript } from '../configured-script.js'
import { problemsOf, type Trouble, messageOf } from '../script.js'
import { endsWithSemicolon, scanLines, tooLong, trimSpace, wordsOf, type Line } from '../go-text.js'

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
    return configuredScript(
      { file: file.path, marker: parse.markers[direction], transaction, messages },
      options.config.transaction,
    )
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

/**
 * The statements of a direction are undefined when the file has no such section. `errors` are why sql-migrate refuses the
 * file. `passedOver` are lines that look like commands, but that sql-migrate does not read as commands.
 */
export type SqlMigrateParse = {
  readonly up: readonly Message[] | undefined
  readonly down: readonly Message[] | undefined
  /** The line of the first command of each direction. */
  readonly markers: Readonly<Partial<Record<Direction, number>>>
  /** Directions that opt out of the transaction. */
  readonly notransaction: readonly Direction[]
  readonly errors: readonly Trouble[]
  readonly passedOver: readonly Trouble[]
}

const COMMAND = '-- +migrate '
const LINE_LIMIT = 1024 * 1024
/** What people take for a command; a byte order mark counts as white space here. */
const LIKE_COMMAND = /^\s*--\s*\+\s*migrate\b/i
const REFUSES = 'sql-migrate refuses the file, and every command stops here.'

/**
 * sql-migrate's file grammar: ParseMigration of sql-migrate v1.8.1 (sqlparse), plus the lines that it skips. Sections may come in
 * any order and more than once; statements of a direction stay in the order of the file.
 */
export function parseSqlMigrate(text: string): SqlMigrateParse {
  const found: Record<Direction, Message[] | undefined> = { up: undefined, down: undefined }
  const markers: Partial<Record<Direction, number>> = {}
  const notransaction: Direction[] = []
  const errors: Trouble[] = []
  const passedOver: Trouble[] = []
  let direction: Direction | undefined
  let block: Line | undefined
  let buffer: Line[] = []

  const lines = scanLines(text)
  const long = tooLong(lines, LINE_LIMIT)
  const unfinished = (): boolean => {
    const first = buffer.find((line) => trimSpace(line.text) !== '')
    if (first === undefined) return false
    errors.push({
      line: first.number,
      message: 'an unfinished statement: no semicolon at the end of a line',
      why: REFUSES,
      fix: 'End the statement with a semicolon as the last thing in its line, or put it between "-- +migrate StatementBegin" and "-- +migrate StatementEnd". A trailing comment must start with "-- ".',
    })
    return true
  }
  const result = (): SqlMigrateParse => ({ ...found, markers, notransaction, errors, passedOver })

  for (const line of lines) {
    if (line === long) {
      errors.push({
        line: line.number,
        message: 'a line of 1 MiB or more: sql-migrate reports "token too long"',
        why: REFUSES,
        fix: 'Break the line.',
      })
      return result()
    }
    if (LIKE_COMMAND.test(line.text) && !line.text.startsWith(COMMAND)) passedOver.push(noCommand(line, direction))
    if (line.text.startsWith('-- ') && !line.text.startsWith('-- +')) continue

    let ended = false
    if (line.text.startsWith(COMMAND)) {
      const [command, ...words] = wordsOf(line.text.slice(COMMAND.length))
      if (command === 'Up' || command === 'Down') {
        if (unfinished()) return result()
        direction = command === 'Up' ? 'up' : 'down'
        found[direction] ??= []
        markers[direction] ??= line.number
        if (words.includes('notransaction')) notransaction.push(direction)
      } else if (command === 'StatementBegin') {
        if (direction !== undefined) block = line
      } else if (command === 'StatementEnd') {
        ended = direction !== undefined && block !== undefined
        block = undefined
      } else if (command === undefined) {
        errors.push({ ...noCommand(line, direction), why: REFUSES })
        return result()
      } else passedOver.push(noCommand(line, direction))
    }

    if (direction === undefined) continue
    if (!line.text.startsWith('-- +')) buffer.push(line)
    if (ended || (block === undefined && endsWithSemicolon(line.text))) {
      found[direction]?.push(statement(buffer, line.number))
      buffer = []
    }
  }

  if (block !== undefined) {
    errors.push({
      line: block.number,
      message: '"-- +migrate StatementBegin" without StatementEnd',
      why: REFUSES,
      fix: 'Put "-- +migrate StatementEnd" after the statement.',
    })
  } else if (direction === undefined) {
    errors.push({
      line: 1,
      message: 'neither "-- +migrate Up" nor "-- +migrate Down"',
      why: REFUSES,
      fix: 'Put "-- +migrate Up" on the first line.',
    })
  } else unfinished()
  return result()
}

/** The text as sql-migrate sends it: less one line end, then one space, then one semicolon. */
function statement(buffer: readonly Line[], line: number): Message {
  const text = buffer.map((part) => `${part.text}\n`).join('')
  const sent = text.replace(/\n$/, '').replace(/ $/, '').replace(/;$/, '')
  const lines = buffer.length === 0 ? [line] : buffer.map((part) => part.number)
  return messageOf({ text, lines, start: 0, end: sent.length })
}

const COMMANDS = ['Up', 'Down', 'StatementBegin', 'StatementEnd']
const quoted = (command: string): string => `"${COMMAND}${command}"`

/** `direction` is the section of the line. */
function noCommand({ text, number }: Line, direction: Direction | undefined): Trouble {
  const hidden = text.startsWith('\uFEFF')
  const plain = trimSpace(hidden ? text.slice(1) : text)
  const [, word = ''] = /migrate\s*(\w+)/i.exec(plain) ?? []
  const meant = COMMANDS.find((command) => command.toLowerCase() === word.toLowerCase())
  const written = meant === undefined ? `one of ${COMMANDS.map(quoted).join(', ')}` : quoted(meant)
  const follows =
    direction === undefined
      ? 'never runs, and the migration still counts as applied.'
      : `runs as part of the ${direction}.`
  return {
    line: number,
    message: hidden
      ? `a byte order mark in front of "${plain}", which sql-migrate then does not see`
      : `"${plain}" is not a command of sql-migrate`,
    why: `sql-migrate skips the line silently: what follows, up to the next command, ${follows}`,
    fix: hidden
      ? 'Save the file as UTF-8 without a byte order mark.'
      : `Write exactly ${written}: one space each, at the start of the line, in this case. A comment that is not a command must not start with "+migrate".`,
  }
}
