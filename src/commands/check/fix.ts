// Proved repairs, written into the files: only when asked, and nothing that was there is changed but a down that failed.
import { statementsOf, type PlacedStatement } from '../../rules/read-input.js'
import { partner } from '../../rules/files/unpaired.js'
import type { Migration, Script } from '../../model/migration.js'
import type { DatabaseReport, Fixed, LineEdit, MigrationReport, Repair } from '../../report/check-report.js'
import type { SourceFile } from '../../model/source.js'
import { outsideTransaction } from '../../sql/transactions.js'
import type { ReadOptions } from '../../tools/tool-files.js'
import type { Files } from '../../ports/files.js'
import { downMarker, scriptText } from '../create/file-text.js'
import type { ReadDatabase } from '../shared/read-database.js'

/** What was written, and what could not be, for each repair of a database. */
export async function fixDatabase(options: {
  readonly read: ReadDatabase
  readonly report: DatabaseReport
  readonly environment: Environment
  readonly files: Pick<Files, 'kind' | 'write'>
}): Promise<readonly Fixed[]> {
  const { read, report } = options
  const fixed: Fixed[] = []
  for (const { id, proof } of report.migrations) {
    const migration = read.schema.migrations.find((candidate) => candidate.id === id)
    if (proof?.repair === undefined || migration === undefined) continue
    fixed.push(await fixOne({ ...options, migration, repair: proof.repair }))
  }
  return fixed
}

/** The repair of a down that is gone on with, as an edit of its file's last line; undefined where that line is none of the down. */
export function lineEdit(read: ReadDatabase, { id, proof }: MigrationReport): LineEdit | undefined {
  const repair = proof?.repair
  const migration = read.schema.migrations.find((candidate) => candidate.id === id)
  const file = migration?.down?.file
  const source = read.schema.files.find(({ path }) => path === file)
  if (repair?.kind !== 'append' || migration === undefined || source === undefined || !isText(source)) return undefined
  const before = source.text.replace(/\s+$/, '')
  const text = edited(read.schema.layout.name, source.text, { migration, repair })
  const start = before.lastIndexOf('\n') + 1
  if (text?.startsWith(before.slice(0, start)) !== true || source.text.includes('\r')) return undefined
  return { file: source.path, line: before.split('\n').length, text: text.slice(start).replace(/\n$/, '') }
}

/**
 * Whether the tool can run the down with the repair in it: a statement that runs only outside of a transaction (DROP INDEX
 * CONCURRENTLY) is refused as soon as another one travels in its message.
 */
export function isRunnable(read: ReadDatabase, { id, proof }: MigrationReport, environment: Environment): boolean {
  const repair = proof?.repair
  const migration = read.schema.migrations.find((candidate) => candidate.id === id)
  const source = read.schema.files.find(({ path }) => path === migration?.down?.file)
  if (repair?.kind !== 'append' || migration?.down === undefined || source === undefined) return true
  if (refusingIn(migration.down).length === 0) return true
  const text = edited(read.schema.layout.name, source.text, { migration, repair })
  const now = text === undefined ? undefined : readAgain(read, { ...source, text, id, environment })
  return now?.down === undefined || refusingIn(now.down).every(({ alone }) => alone)
}

const refusingIn = (script: Script): readonly PlacedStatement[] =>
  statementsOf(script).filter(({ statement }) => outsideTransaction(statement) !== undefined)

type Environment = ReadOptions['environment']

/** The migration as it is once a file has that text. */
function readAgain(
  read: ReadDatabase,
  file: Pick<SourceFile, 'path' | 'name' | 'text'> & { readonly id: string; readonly environment: Environment },
): Migration | undefined {
  const sources = [...others(read, file.path), sourceOf(file.path, file.name, file.text)]
  const { environment } = file
  const again = read.schema.layout.read(sources, { kind: 'schema', config: read.config, environment })
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
  const file =
    migration.down?.file ?? (downMarker(layout.name) === undefined ? newDown(migration) : migration.up?.file) ?? ''
  const told = {
    database: read.config.name,
    migration: migration.id,
    file,
    loses: repair.loses,
    ...(repair.notes && { notes: repair.notes }),
  }
  const source = read.schema.files.find(({ path }) => path === file)
  if (source === undefined && (await files.kind(file)) !== undefined)
    return { ...told, problem: 'something stands there already' }
  if (source !== undefined && !isText(source)) return { ...told, problem: 'it is not UTF-8' }
  const text = edited(layout.name, source?.text ?? '', { migration, repair })
  if (text === undefined) return { ...told, problem: 'its up stands behind its down' }
  const name = source?.name ?? file.slice(read.config.folder.length + 1)
  const now = readAgain(read, { path: file, name, text, id: migration.id, environment })
  if (now?.down === undefined || now.up?.checksum !== migration.up?.checksum) {
    return { ...told, problem: 'the lines cannot be written so that the tool reads them' }
  }
  await files.write(file, text)
  return { ...told, problem: undefined }
}

const newDown = ({ up }: Migration): string | undefined => (up === undefined ? undefined : partner(up.file, 'down'))

/** The other half of a pair counts for how the folder is read. */
const others = (read: ReadDatabase, file: string): readonly SourceFile[] =>
  read.schema.files.filter(({ path }) => path !== file)

const isText = ({ bytes, text }: SourceFile): boolean => Buffer.from(text, 'utf8').equals(bytes)

const sourceOf = (path: string, name: string, text: string): SourceFile => ({
  path,
  name,
  text,
  unreadable: undefined,
  bytes: new TextEncoder().encode(text),
})

/** The file with the repair in it; undefined where it has no place. Line ends stay what they are. */
function edited(
  layout: Parameters<typeof scriptText>[0],
  text: string,
  { migration, repair }: { readonly migration: Migration; readonly repair: Repair },
): string | undefined {
  const lines = scriptText(layout, {
    comments: [
      'Derived from what the up does, and proved:',
      ...repair.loses.map((what) => `it drops ${what}.`),
      ...(repair.notes ?? []),
    ],
    sql: repair.sql,
  })
  const marker = downMarker(layout)
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const own = lines.replaceAll('\n', end)
  if (marker === undefined) return repair.kind === 'append' ? joined(text, own, end) : own
  if (migration.down === undefined) return joined(text, `${end}${marker.replaceAll('\n', end)}${own}`, end)
  const section = sectionOf(text, marker.trim())
  if (section === undefined) return undefined
  return repair.kind === 'append' ? joined(text, own, end) : `${text.slice(0, section)}${own}`
}

/** Behind a statement without a semicolon more SQL would belong to it. */
function joined(text: string, lines: string, end: string): string {
  const before = text.replace(/\s+$/, '')
  const open = before === '' || /(?:;|--[^\n]*)$/.test(before) ? '' : ';'
  return `${before}${open}${before === '' ? '' : end}${lines}`
}

/** Where the lines behind the marker of the down begin, when nothing but the down follows. */
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
