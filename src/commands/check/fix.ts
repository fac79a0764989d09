// Writes proved repairs and online ways to the files (--fix). Repairs keep existing text, except for a down that fails.
import { statementsOf, type PlacedStatement } from '../../rules/read-input.js'
import type { Migration, Script } from '../../model/migration.js'
import type { DatabaseReport, Fixed, LineEdit, MigrationReport, Repair } from '../../report/check-report.js'
import { provedOn } from '../../report/proved-on.js'
import type { SourceFile } from '../../model/source.js'
import { refusesTransaction } from '../../sql/transactions.js'
import type { Tool, ReadOptions } from '../../tools/tool.js'
import type { Files } from '../../ports/files.js'
import type { ReadDatabase } from '../shared/read-database.js'
import { writeWay } from './fix-online.js'
import { isText, nameIn, sourceOf } from './sources.js'

/**
 * Writes each repair of a database, and the proved online way of each migration in `waiting`; reports what was written and
 * what was not.
 */
export async function fixDatabase(options: {
  readonly read: ReadDatabase
  readonly report: DatabaseReport
  readonly waiting: ReadonlySet<string>
  readonly environment: Environment
  readonly files: Pick<Files, 'kind' | 'write'>
}): Promise<readonly Fixed[]> {
  const { report, waiting } = options
  let { read } = options
  const fixed: Fixed[] = []
  for (const { id, proof, online } of report.migrations) {
    const migration = read.schema.migrations.find((candidate) => candidate.id === id)
    if (online !== undefined && waiting.has(id)) {
      // It has downs of its own.
      const rewritten = await writeWay({ ...options, read, id, way: online })
      fixed.push(...rewritten.fixed)
      read = rewritten.read
    } else if (proof?.repair !== undefined && migration !== undefined) {
      fixed.push(await fixOne({ ...options, read, migration, repair: proof.repair }))
    }
  }
  return fixed
}

/** A repair that is appended to a down, as an edit of the last line of its file; undefined where the down ends before it. */
export function lineEdit(read: ReadDatabase, { id, proof }: MigrationReport): LineEdit | undefined {
  const repair = proof?.repair
  const migration = read.schema.migrations.find((candidate) => candidate.id === id)
  const file = migration?.down?.file
  const source = read.schema.files.find(({ path }) => path === file)
  if (repair?.kind !== 'append' || migration === undefined || source === undefined || !isText(source)) return undefined
  const before = source.text.replace(/\s+$/, '')
  const text = withRepair(read.schema.layout, source.text, { migration, repair })
  const start = before.lastIndexOf('\n') + 1
  if (text?.startsWith(before.slice(0, start)) !== true || source.text.includes('\r')) return undefined
  return { file: source.path, line: before.split('\n').length, text: text.slice(start).replace(/\n$/, '') }
}

/**
 * Whether the tool can run the down with its repair. PostgreSQL refuses a statement that runs only outside of a transaction
 * (DROP INDEX CONCURRENTLY) when another statement is sent in the same message.
 */
export function isRunnable(read: ReadDatabase, { id, proof }: MigrationReport, environment: Environment): boolean {
  const repair = proof?.repair
  const migration = read.schema.migrations.find((candidate) => candidate.id === id)
  const source = read.schema.files.find(({ path }) => path === migration?.down?.file)
  if (repair?.kind !== 'append' || migration?.down === undefined || source === undefined) return true
  if (nonTransactionalStatements(migration.down).length === 0) return true
  const text = withRepair(read.schema.layout, source.text, { migration, repair })
  const now = text === undefined ? undefined : readWithFile(read, { ...source, text, id, environment })
  return now?.down === undefined || nonTransactionalStatements(now.down).every(({ alone }) => alone)
}

const nonTransactionalStatements = (script: Script): readonly PlacedStatement[] =>
  statementsOf(script).filter(({ statement }) => refusesTransaction(statement) !== undefined)

type Environment = ReadOptions['environment']

/** The migration with this text in one of its files. */
function readWithFile(
  read: ReadDatabase,
  file: Pick<SourceFile, 'path' | 'name' | 'text'> & { readonly id: string; readonly environment: Environment },
): Migration | undefined {
  const sources = [...otherFiles(read, file.path), sourceOf(file.path, file.name, file.text)]
  const { environment } = file
  const again = read.schema.layout.files.read(sources, { kind: 'schema', config: read.config, environment })
  return again.migrations.find(({ id }) => id === file.id)
}

async function fixOne(options: {
  readonly read: ReadDatabase
  readonly migration: Migration
  readonly repair: Repair
  readonly environment: Environment
  readonly files: Pick<Files, 'kind' | 'write'>
}): Promise<Fixed> {
  const { read, migration, repair, environment, files } = options
  const { layout } = read.schema
  const file = migration.down?.file ?? newDownPath(layout, migration)
  if (file === undefined) throw new Error(`no file for the down of ${migration.id}`)
  const summary = {
    database: read.config.name,
    migration: migration.id,
    file,
    loses: repair.loses,
    ...(repair.notes && { notes: repair.notes }),
  }
  const source = read.schema.files.find(({ path }) => path === file)
  if (source === undefined && (await files.kind(file)) !== undefined)
    return { ...summary, problem: 'the file already exists' }
  if (source !== undefined && !isText(source)) return { ...summary, problem: 'the file is not UTF-8' }
  const text = withRepair(layout, source?.text ?? '', { migration, repair })
  if (text === undefined) return { ...summary, problem: 'its up comes after its down' }
  const name = source?.name ?? nameIn(read, file)
  const now = readWithFile(read, { path: file, name, text, id: migration.id, environment })
  if (now?.down === undefined || now.up?.checksum !== migration.up?.checksum) {
    return { ...summary, problem: 'the tool would not read these lines as the down' }
  }
  await files.write(file, text)
  return { ...summary, problem: undefined }
}

/** The file that a missing down is written to. */
function newDownPath({ directions }: Tool, { up }: Migration): string | undefined {
  if (up === undefined || directions.in === 'one file') return up?.file
  return directions.otherFile(up.file, 'down') ?? up.file.replace(/\.sql$/, '.down.sql')
}

/** The layout needs the other files too, such as the other half of a pair. */
const otherFiles = (read: ReadDatabase, file: string): readonly SourceFile[] =>
  read.schema.files.filter(({ path }) => path !== file)

/** The text of the file with the repair; undefined where there is no place for it. Keeps the kind of line ends. */
function withRepair(
  { create, directions }: Tool,
  text: string,
  { migration, repair }: { readonly migration: Migration; readonly repair: Repair },
): string | undefined {
  const lines = create.script({
    comments: [
      `Derived from what the up does, and ${provedOn(repair)}:`,
      ...repair.loses.map((what) => `it drops ${what}.`),
      ...(repair.notes ?? []),
    ],
    sql: repair.sql,
  })
  const marker = directions.in === 'one file' ? directions.downMarker : undefined
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const own = lines.replaceAll('\n', end)
  if (marker === undefined) return repair.kind === 'append' ? appended(text, own, end) : own
  if (migration.down === undefined) return appended(text, `${end}${marker}${end}${own}`, end)
  const section = sectionOf(text, marker)
  if (section === undefined) return undefined
  return repair.kind === 'append' ? appended(text, own, end) : `${text.slice(0, section)}${own}`
}

/** Appends lines, and a semicolon first where the last statement has none: otherwise they would be a part of it. */
function appended(text: string, lines: string, end: string): string {
  const before = text.replace(/\s+$/, '')
  const open = before === '' || /(?:;|--[^\n]*)$/.test(before) ? '' : ';'
  return `${before}${open}${before === '' ? '' : end}${lines}`
}

/** Where the lines after the marker of the down begin; undefined where an up follows. */
function sectionOf(text: string, marker: string): number | undefined {
  const word = marker.replace(/^--\s*/, '')
  const at = text.search(new RegExp(`^[ \\t]*--[ \\t]*${word.replaceAll('+', '\\+')}[^\\n]*(?:\\n|$)`, 'im'))
  if (at === -1) return undefined
  const start = text.indexOf('\n', at)
  const rest = start === -1 ? '' : text.slice(start + 1)
  const up = word.replace(/down/i, 'up')
  return new RegExp(`^[ \\t]*--[ \\t]*${up.replaceAll('+', '\\+')}\\b`, 'im').test(rest)
    ? undefined
    : start === -1
      ? text.length
      : start + 1
}
