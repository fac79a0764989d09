// The directories layout: `<version>_<name>/up.sql` with `down.sql` beside it, as diesel and Hasura have it. Prisma uses
// another file name, and some programs a file for each server (`<version>_<name>/postgres.sql`).
import type { Direction, Message, Migration, Script } from '../../model/migration.js'
import { shellWord } from '../../model/shell-quote.js'
import { type Order, type Ordered, compareBytes } from '../../model/version.js'
import type { Problem } from '../../model/finding.js'
import type { SourceFile } from '../../model/source.js'
import { isOtherDialect } from '../dialects.js'
import { nameFor, parseDirectoryFile, parseMetadata, PRISMA_UP } from './names.js'
import { duplicateProblems, directFiles, folderOf, ignoredOf, type PassedOver } from '../ignored.js'
import { irreversibleOf } from '../irreversible.js'
import { isNamedAsMigration, leftOutProblems, moved, type LeftOut } from '../left-out.js'
import type { ReadOptions, Stream, ToolFiles } from '../tool.js'
import { configuredScript } from '../configured-script.js'
import { linesOfFile, messageOf } from '../script.js'

export const directoryFiles: ToolFiles = { recognise, read, select: withoutFolders }

/** diesel orders by what it records: the version as text, without its dashes. */
export const byTextOfVersion: Order = (a, b) =>
  compareBytes(a.version.replaceAll('-', ''), b.version.replaceAll('-', '')) || compareBytes(a.id, b.id)

/** `path` is from the repository root. */
type Directory = { readonly name: string; readonly path: string; readonly files: ReadonlyMap<string, SourceFile> }

const fileFor = (direction: Direction, { files }: Directory): SourceFile | undefined =>
  files.get(nameFor(direction, [...files.keys()]) ?? '')
const upIn = (directory: Directory): SourceFile | undefined => fileFor('up', directory)
const downIn = (directory: Directory): SourceFile | undefined => fileFor('down', directory)
const isPrismas = (directory: Directory): boolean => upIn(directory)?.name.endsWith(`/${PRISMA_UP}`) === true
const isMigration = (directory: Directory): boolean => upIn(directory) !== undefined || downIn(directory) !== undefined

function recognise(files: readonly SourceFile[]): ReturnType<ToolFiles['recognise']> {
  const all = directoriesOf(files)
  const known = all.filter((directory) => isMigration(directory) && /^\d/.test(directory.name))
  const ups = known.flatMap((one) => upIn(one)?.name.split('/').slice(-1) ?? [])
  return {
    migrations: known.reduce(
      (sum, one) => sum + Number(upIn(one) !== undefined) + Number(downIn(one) !== undefined),
      0,
    ),
    reason: `${String(known.length)} of ${String(all.length)} folders are <version>_<name> with ${ups.find((name) => name === 'up.sql') ?? ups[0] ?? 'up.sql'} in them`,
  }
}

function read(files: readonly SourceFile[], options: ReadOptions): Stream {
  const all = directoriesOf(files)
  const migrations = inOrder(all.filter(isMigration))
  const others = all.filter((directory) => !isMigration(directory) && isForOthers(directory))
  const strange = all.filter((directory) => !isMigration(directory) && !isForOthers(directory))
  const streams = migrations.map((directory) => readOne(directory, options))
  const passedOver: readonly PassedOver[] = [
    ...directFiles(files).map((file) => ({ file, reason: 'not in the folder of a migration' })),
    ...migrations.flatMap((directory) =>
      [...directory.files.values()]
        .filter((file) => ![upIn(directory), downIn(directory), directory.files.get('metadata.toml')].includes(file))
        .map(notRead),
    ),
    ...others.flatMap((directory) => [...directory.files.values()].map(notRead)),
  ]
  const prisma = migrations.some(isPrismas)
  const leftOut = [
    ...strange.map(prisma ? withoutMigration : withoutUp),
    ...files.flatMap((file) => outside(file, prisma ? PRISMA_UP : 'up.sql')),
    ...hidden(files),
  ]
  return {
    migrations: streams.map((stream) => stream.migration),
    leftOut,
    ignored: [
      ...ignoredOf(passedOver),
      ...strange.map(({ path }) => ({
        path,
        reason: `a folder without ${prisma ? PRISMA_UP : 'up.sql'}`,
      })),
    ],
    problems: [
      ...leftOutProblems(leftOut),
      ...duplicateProblems(
        migrations.map((directory) => ({
          key: isPrismas(directory) ? directory.name : versionOf(directory).replaceAll('-', ''),
          version: versionOf(directory),
          id: directory.name,
          file: upOrDown(directory).path,
        })),
        'diesel takes one of them and silently never runs the other.',
      ),
      ...streams.flatMap((stream) => stream.problems),
    ],
  }
}

/** Files for other servers make one entry for all folders. */
function notRead(file: SourceFile): PassedOver {
  const name = lastOf(file)
  const { dialect = 'any' } = parseDirectoryFile(name) ?? {}
  return isOtherDialect(dialect)
    ? { file, reason: `written for ${dialect}`, group: `*/${name}` }
    : { file, reason: 'only up.sql, down.sql and metadata.toml are read' }
}

/** A step only for other servers. */
const isForOthers = ({ files }: Directory): boolean =>
  files.size > 0 && [...files.keys()].every((name) => isOtherDialect(parseDirectoryFile(name)?.dialect ?? ''))

function readOne(
  directory: Directory,
  options: ReadOptions,
): { readonly migration: Migration; readonly problems: readonly Problem[] } {
  const up = upIn(directory)
  const down = downIn(directory)
  const toml = directory.files.get('metadata.toml')
  const version = versionOf(directory)
  const id = directory.name
  const metadata = toml === undefined || toml.unreadable !== undefined ? undefined : parseMetadata(toml.text)
  const empty = up?.unreadable === undefined && up?.text === '' && lastOf(up) === 'up.sql' ? up : undefined
  const alone = metadata?.kind === 'silent' || (metadata?.kind === 'says' && !metadata.transaction)
  const script = (file: SourceFile | undefined): Script | undefined => {
    if (file === undefined || file.unreadable !== undefined || file === empty) return undefined
    // Prisma sends the file as it is, in one message.
    const usual = isPrismas(directory) ? 'message' : 'wrapped'
    const transaction = alone ? 'none' : (options.config.transaction ?? usual)
    return configuredScript(
      { file: file.path, transaction, messages: messagesOf(file.text) },
      options.config.transaction,
    )
  }
  const files = [up, down].filter((file) => file !== undefined)
  const { irreversible, problems } = irreversibleOf({ id, version, files, config: options.config })
  return {
    migration: {
      id,
      version,
      name: id.slice(version.length).replace(/^_/, ''),
      kind: options.kind,
      up: script(up),
      down: script(down),
      code: undefined,
      irreversible,
    },
    problems: [
      ...(empty === undefined ? [] : [emptyUp(empty, id)]),
      ...(toml !== undefined && metadata?.kind === 'silent' ? [silentMetadata(toml, id)] : []),
      ...(toml !== undefined && metadata?.kind === 'unreadable' ? [badMetadata(toml, id)] : []),
      ...problems,
    ],
  }
}

/** All of the file, blank or not. An empty file is no message. */
const messagesOf = (text: string): readonly Message[] =>
  text === '' ? [] : [messageOf({ text, lines: linesOfFile(text), start: 0, end: text.length })]

/** A folder that is named like a script (`1_x.sql/up.sql`) is listed as a file too. Here it is the folder of a migration. */
function withoutFolders(files: readonly SourceFile[]): readonly SourceFile[] {
  const folders = new Set(files.flatMap(({ name }) => (name.includes('/') ? [name.slice(0, name.indexOf('/'))] : [])))
  return files.filter(({ name }) => !folders.has(name))
}

/** Direct subfolders; hidden ones and `seeds`, a stream of its own, are left out, and so is what is deeper. */
function directoriesOf(files: readonly SourceFile[]): readonly Directory[] {
  const found = new Map<string, { path: string; files: Map<string, SourceFile> }>()
  for (const file of files) {
    const [name, own, deeper] = file.name.split('/')
    if (name === undefined || own === undefined || name.startsWith('.') || name === 'seeds') continue
    const path = [folderOf(file), name].filter((part) => part !== '').join('/')
    const directory = found.get(name) ?? { path, files: new Map<string, SourceFile>() }
    if (deeper === undefined) directory.files.set(own, file)
    found.set(name, directory)
  }
  return [...found].map(([name, directory]) => ({ name, ...directory }))
}

/** The text before the first `_`, or the whole name. */
const versionOf = ({ name }: Directory): string => name.split('_', 1)[0] ?? name

/** Prisma knows a migration by the whole name of its folder, and runs them by these as text. */
const inOrder = (migrations: readonly Directory[]): readonly Directory[] =>
  migrations.some(isPrismas)
    ? migrations.toSorted((a, b) => compareBytes(a.name, b.name))
    : migrations.toSorted((a, b) => byTextOfVersion(named(a), named(b)))

const named = (directory: Directory): Ordered => ({ id: directory.name, version: versionOf(directory) })

function upOrDown(directory: Directory): { readonly path: string } {
  return upIn(directory) ?? downIn(directory) ?? { path: directory.path }
}

const lastOf = ({ name }: SourceFile): string => name.slice(name.lastIndexOf('/') + 1)

const at = (file: SourceFile): Problem['place'] => ({ file: file.path, line: 1, column: 1 })

const emptyUp = (file: SourceFile, id: string): Problem => ({
  rule: 'unparsable',
  migration: id,
  place: at(file),
  message: 'up.sql has no content',
  why: 'diesel stops with "empty migration" when it reaches this file.',
  fix: 'Write the migration, or a comment with the reason why there is nothing to do.',
})

const silentMetadata = (file: SourceFile, id: string): Problem => ({
  rule: 'unparsable',
  migration: id,
  place: at(file),
  message: 'metadata.toml does not set run_in_transaction, and diesel assumes false',
  why: 'The migration runs without a transaction, so a failure in the middle leaves half of it in place.',
  fix: 'run_in_transaction = true',
})

const badMetadata = (file: SourceFile, id: string): Problem => ({
  rule: 'unparsable',
  migration: id,
  place: at(file),
  message: 'metadata.toml cannot be read, so diesel ignores it and uses a transaction',
  why: 'A migration that needs to run without a transaction fails inside one.',
  fix: 'run_in_transaction = false',
})

const withoutUp = ({ name, path, files }: Directory): LeftOut => ({
  file: [...files.values()][0]?.path ?? path,
  effect: 'refuses',
  message: `the folder ${name} has neither up.sql nor down.sql`,
  why: 'diesel stops at a folder that is not a migration, for every command.',
  fix: `Write ${path}/up.sql and ${path}/down.sql, or move the folder elsewhere.`,
})

const withoutMigration = ({ name, path, files }: Directory): LeftOut => ({
  file: [...files.values()][0]?.path ?? path,
  effect: 'refuses',
  message: `the folder ${name} has no ${PRISMA_UP}`,
  why: 'Prisma Migrate stops at such a folder (P3015), for every command.',
  fix: `Write ${path}/${PRISMA_UP}, or move the folder elsewhere.`,
})

/** A migration as a file among folders. */
function outside(file: SourceFile, up: string): readonly LeftOut[] {
  const { name, path } = file
  if (name.includes('/') || !/\.sql$/i.test(name) || !isNamedAsMigration(name)) return []
  const folder = name.replace(/(?:\.(?:up|down))?\.sql$/i, '')
  return [
    {
      file: path,
      effect: 'passes over',
      message: `${name} is a file where each migration is a folder, so it never runs`,
      why: 'The tool looks into folders only, and skips the file silently.',
      fix: `mkdir ${shellWord(`${path.slice(0, -name.length)}${folder}`)} && ${moved(file, `${folder}/${up}`)}`,
    },
  ]
}

/** Folders whose names begin with a point. */
function hidden(files: readonly SourceFile[]): readonly LeftOut[] {
  return files.flatMap(({ name, path }): readonly LeftOut[] => {
    const [folder = '', inside, deeper] = name.split('/')
    if (!folder.startsWith('.') || !isNamedAsMigration(folder) || deeper !== undefined) return []
    if (inside !== 'up.sql' && inside !== PRISMA_UP) return []
    return [
      {
        file: path,
        effect: 'passes over',
        message: `the name of the folder ${folder} begins with a point, so its migration never runs`,
        why: 'The tool skips hidden folders silently.',
        fix: `git mv ${shellWord(path.slice(0, -inside.length - 1))} ${shellWord(`${path.slice(0, -name.length)}${folder.replace(/^\.+/, '')}`)}`,
      },
    ]
  })
}
