// Reads the migrations of one database before and after a change, and decides what has to be proved.
import type { Settings } from '../../config/settings.js'
import { changeOf, isTouched, type ChecksumKeeper, type DatabaseChange, type Edited } from '../../model/change.js'
import type { DatabaseConfig } from '../../model/config.js'
import { filesOf, type Migration } from '../../model/migration.js'
import type { SourceFile } from '../../model/source.js'
import { waiverLines } from '../../model/waiver.js'
import type { CommitFiles, Files } from '../../ports/files.js'
import { sameCode } from '../../sql/same-code.js'
import { checksumKeeper } from '../../tools/checksums.js'
import type { ChangeInput } from '../../rules/rule.js'
import type { ComparisonBase } from './base.js'
import { baseConfigOf, movedTo, readBaseDatabase, relocated, sameDatabase, sameSettings } from './base-database.js'
import { readStreams, type ReadDatabase, type ReadStream } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

/** `supportingFiles`: whether the change touches what every migration depends on (config, setup, SQL substitute). */
export type ChangedMigrations = {
  readonly schema: DatabaseChange
  readonly seeds: DatabaseChange
  readonly supportingFiles: 'same' | 'changed'
  /** The paths of all files of the folder. */
  readonly files: ReadonlySet<string>
  /** The paths of those whose text the base does not have at the same place of the folder. */
  readonly changedFiles: ReadonlySet<string>
  /** The text of every file of the base, by the path that it has or would have here. */
  readonly baseTexts: ReadonlyMap<string, string>
  /** The ids of migrations in whose files only comments, blanks or line ends differ. */
  readonly rewritten: ReadonlySet<string>
  readonly checksums: ChecksumKeeper | undefined
  readonly base: BaseOfDatabase
}

/**
 * `read` gives the database as the base has it; undefined where that is not possible. `pathNow` is the path of one of its files
 * here.
 */
export type BaseOfDatabase = {
  readonly settings: Settings | undefined
  readonly read: () => Promise<ReadDatabase | undefined>
  readonly pathNow: (path: string) => string
  readonly moved: ChangeInput['moved']
}

type ReadOptions = {
  readonly read: ReadDatabase
  readonly basis: ComparisonBase
  readonly settings: Settings
  /** The settings of the base; undefined where its config file cannot be read. */
  readonly baseSettings: Settings | undefined
  readonly world: World
}

/** Reads both sides with the current layout. Never rejects because of the contents of the base. */
export async function readChangedMigrations(options: ReadOptions): Promise<ChangedMigrations> {
  const { read, basis, baseSettings, world } = options
  const config = await baseConfigOf({ read, base: basis.base, settings: baseSettings, files: world.files })
  const base = await readCommit(basis.base, { read, folder: config.folder, world })
  const tip =
    basis.report.tip === basis.report.base
      ? base
      : await readCommit(basis.tip, { read, folder: await folderIn(basis.tip, read, config), world })
  const files = [...read.schema.files, ...(read.seeds?.files ?? [])]
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const changed = (path: string): boolean => texts.get(path) !== base.texts.get(path)
  const withMarks = (change: DatabaseChange, now: readonly Migration[]): DatabaseChange =>
    withOtherEdits(change, now, { files, baseTexts: base.texts })
  const changeIn = (stream: 'schema' | 'seeds'): DatabaseChange => {
    const now = read[stream]?.migrations ?? []
    const { migrations, problems } = base[stream]
    return withMarks(changeOf({ now, base: migrations, tip: tip[stream].migrations, baseProblems: problems }), now)
  }
  const [schema, seeds] = [changeIn('schema'), changeIn('seeds')]
  const known = new Set([schema, seeds].flatMap(touchedIds))
  const rewritten = [...read.schema.migrations, ...(read.seeds?.migrations ?? [])].filter(
    (migration) => !known.has(migration.id) && filesOf(migration).some(changed),
  )
  const move = { from: config.folder, to: read.config.folder }
  let asBase: Promise<ReadDatabase | undefined> | undefined
  return {
    schema,
    seeds,
    supportingFiles: (await supportChanged(options, config)) ? 'changed' : 'same',
    files: new Set(texts.keys()),
    changedFiles: new Set(files.map(({ path }) => path).filter(changed)),
    baseTexts: base.texts,
    rewritten: new Set(rewritten.map(({ id }) => id)),
    checksums: checksumKeeper({
      layout: read.schema.layout.name,
      config: read.config,
      migrations: read.schema.migrations,
      cargo: await cargoFiles(read.config.folder, world.files),
    }),
    base: {
      settings: baseSettings,
      read: () => (asBase ??= readBaseDatabase({ ...config, layout: read.schema.layout.name }, basis.base, world)),
      pathNow: (path) => movedTo(path, move),
      moved: move.from === move.to ? undefined : move,
    },
  }
}

/** The ids of the migrations that it adds or changes. */
export const touchedIds = ({ added, edited, renamed }: DatabaseChange): readonly string[] => [
  ...added.map(({ id }) => id),
  ...[...edited, ...renamed].map(({ now }) => now.id),
]

/**
 * A waiver is a comment that changes what counts. A migration in a programming language, and a file that the tool refuses, are
 * compared as text. All of them make an edit.
 */
function withOtherEdits(
  change: DatabaseChange,
  now: readonly Migration[],
  { files, baseTexts }: { readonly files: readonly SourceFile[]; readonly baseTexts: ReadonlyMap<string, string> },
): DatabaseChange {
  const known = new Set(touchedIds(change))
  const before = new Map(change.base.map((migration) => [migration.id, migration]))
  const textNow = new Map(files.map(({ path, text }) => [path, text]))
  const marksIn = (texts: ReadonlyMap<string, string>, path: string): string =>
    JSON.stringify(waiverLines({ path, text: texts.get(path) ?? '' }).map(({ text }) => text))
  const isOther = (migration: Migration): boolean =>
    filesOf(migration).some(
      (path) =>
        textNow.get(path) !== baseTexts.get(path) &&
        (path === migration.code ||
          migration.refused !== undefined ||
          marksIn(textNow, path) !== marksIn(baseTexts, path)),
    )
  const others = now.flatMap((migration): readonly Edited[] => {
    const old = before.get(migration.id)
    if (old === undefined || known.has(migration.id) || !isOther(migration)) return []
    const own = change.rewritten.find((one) => one.now === migration)
    return [own ?? { now: migration, before: old, up: undefined, down: undefined }]
  })
  if (others.length === 0) return change
  const rest = change.rewritten.filter((one) => !others.includes(one))
  return { ...change, edited: [...change.edited, ...others], rewritten: rest }
}

/** `texts` are those of all files, by the paths that they have or would have here. */
type CommitMigrations = {
  readonly schema: Side
  readonly seeds: Side
  readonly texts: ReadonlyMap<string, string>
}

type Side = Pick<ReadStream, 'migrations' | 'problems'>

const EMPTY: Side = { migrations: [], problems: [] }

/** Where all files of the commit are the same as now (the common case), the migrations read from the current files count. */
async function readCommit(
  commit: CommitFiles,
  { read, folder: there, world }: { readonly read: ReadDatabase; readonly folder: string; readonly world: World },
): Promise<CommitMigrations> {
  const { folder } = read.config
  const files = relocated(commit, { from: there, to: folder })
  const now = new Map([...read.schema.files, ...(read.seeds?.files ?? [])].map((file) => [file.path, file]))
  const names = (await files.tree(folder)) ?? []
  const found = await Promise.all(names.map((path) => files.read(path, folder, now.get(path))))
  const texts = new Map(found.map(({ path, text }) => [path, text]))
  if (found.every(({ path, text, unreadable }) => unreadable === undefined && now.get(path)?.text === text)) {
    const existing = ({ migrations, problems }: Side): Side => ({
      migrations: migrations.filter((migration) => filesOf(migration).every((file) => texts.has(file))),
      problems: problems.filter(({ place, twin }) =>
        [place?.file, twin].every((file) => file === undefined || texts.has(file)),
      ),
    })
    return { schema: existing(read.schema), seeds: existing(read.seeds ?? EMPTY), texts }
  }
  const config = { ...read.config, layout: read.schema.layout.name }
  const { schema, seeds } = await readStreams(config, { files, environment: world.environment })
  return { schema: schema ?? EMPTY, seeds: seeds ?? EMPTY, texts }
}

/** The newest commit of the branch may have the folder here or where the base has it. */
async function folderIn(commit: CommitFiles, { config }: ReadDatabase, base: DatabaseConfig): Promise<string> {
  return (await commit.tree(config.folder)) === undefined ? base.folder : config.folder
}

async function supportChanged(
  { read, basis, settings, baseSettings, world }: ReadOptions,
  base: DatabaseConfig,
): Promise<boolean> {
  if (baseSettings === undefined || !sameSettings(settings, baseSettings) || !sameDatabase(read.config, base))
    return true
  const changes = await Promise.all([
    ...read.config.setup.map((name) => differs(name, { base: basis.base, now: world.files, same: sameCode })),
    ...Object.values(read.config.standIns).map((name) =>
      differs(name, { base: basis.base, now: world.files, same: (a, b) => a === b }),
    ),
  ])
  return changes.includes(true)
}

async function differs(
  name: string,
  {
    base,
    now,
    same,
  }: {
    readonly base: CommitFiles
    readonly now: Pick<Files, 'read'>
    readonly same: (a: string, b: string) => boolean
  },
): Promise<boolean> {
  const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')))
  const before = await base.read(name, folder)
  const after = await now.read(name, folder)
  return before.unreadable !== undefined || !same(before.text, after.text)
}

/** The Cargo.toml of each folder from the parent of the migrations up to the root of the repository. */
async function cargoFiles(folder: string, files: Files): Promise<readonly string[]> {
  const parts = folder.split('/').filter((part) => part !== '.' && part !== '')
  if (folder.startsWith('/') || parts.includes('..')) return []
  const above = parts.map((_, i) => parts.slice(0, parts.length - 1 - i).join('/'))
  const paths = above.map((parent) => (parent === '' ? 'Cargo.toml' : `${parent}/Cargo.toml`))
  const there = await Promise.all(
    paths.map(async (path) => ((await files.kind(path)) === 'file' ? [await files.read(path, '.')] : [])),
  )
  return there.flat().map(({ text }) => text)
}

/** The migrations to prove: all, none, or all from an index of the schema migrations on. */
export type ProofScope = 'all' | 'nothing' | number

/** The first migration that the change touches or moves away, and all after it. */
export function proofScope({ migrations, layout }: ReadDatabase['schema'], change: ChangedMigrations): ProofScope {
  const order = layout.order.compare
  if (change.supportingFiles === 'changed') return 0
  const { renamed, deleted } = change.schema
  const ids = new Set(touchedIds(change.schema))
  const first = migrations.findIndex(({ id }) => ids.has(id))
  const gone = [...deleted, ...renamed.map(({ before }) => before)]
  const afterGone = gone.map((one) => migrations.findIndex((migration) => order(migration, one) > 0))
  const starts = [first, ...afterGone].filter((at) => at !== -1)
  if (isTouched(change.schema)) return Math.min(migrations.length, ...starts)
  return isTouched(change.seeds) ? migrations.length : 'nothing'
}
