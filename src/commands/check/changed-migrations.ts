// What a change does to one database, read on both sides.
import { changeOf, isTouched, type DatabaseChange } from '../../model/change.js'
import { filesOf, type Migration } from '../../model/migration.js'
import { orderOf } from '../../model/file-order.js'
import type { CommitFiles, Files } from '../../ports/files.js'
import type { ComparisonBase } from './base.js'
import { readStreams, type ReadDatabase } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

/**
 * `surroundings` are files that the whole chain rests on (config, setup, stand-ins): `changed` when the change touches one
 * of them.
 */
export type ChangedMigrations = {
  readonly schema: DatabaseChange
  readonly seeds: DatabaseChange
  readonly supportingFiles: 'same' | 'changed'
  /** The text of every file of the base, by its path. */
  readonly baseTexts: ReadonlyMap<string, string>
}

/** Both sides are read by the layout of now. Never rejects for what the base holds. */
export async function readChangedMigrations(options: {
  readonly read: ReadDatabase
  readonly basis: ComparisonBase
  /** The path of the config file, where there is one. */
  readonly configFile: string | undefined
  readonly world: World
}): Promise<ChangedMigrations> {
  const { read, basis, configFile, world } = options
  const base = await readCommit(basis.base, read, world)
  const tip = basis.report.tip === basis.report.base ? base : await readCommit(basis.tip, read, world)
  const around = [
    ...(configFile === undefined ? [] : [configFile]),
    ...read.config.setup,
    ...Object.values(read.config.standIns),
  ]
  const changes = await Promise.all(around.map((name) => differs(name, basis.base, world.files)))
  return {
    schema: changeOf({ now: read.schema.migrations, base: base.schema, tip: tip.schema }),
    seeds: changeOf({ now: read.seeds?.migrations ?? [], base: base.seeds, tip: tip.seeds }),
    supportingFiles: changes.includes(true) ? 'changed' : 'same',
    baseTexts: base.texts,
  }
}

/** `texts` are those of all files, by their paths. */
type CommitMigrations = {
  readonly schema: readonly Migration[]
  readonly seeds: readonly Migration[]
  readonly texts: ReadonlyMap<string, string>
}

/** Where no file was another one than now, which most changes leave it at, what is read of those of now holds there too. */
async function readCommit(files: CommitFiles, read: ReadDatabase, world: World): Promise<CommitMigrations> {
  const { folder } = read.config
  const now = new Map([...read.schema.files, ...(read.seeds?.files ?? [])].map((file) => [file.path, file]))
  const names = (await files.tree(folder)) ?? []
  const there = await Promise.all(names.map((path) => files.read(path, folder, now.get(path))))
  const texts = new Map(there.map(({ path, text }) => [path, text]))
  if (there.every(({ path, text, unreadable }) => unreadable === undefined && now.get(path)?.text === text)) {
    const stood = (migrations: readonly Migration[]): readonly Migration[] =>
      migrations.filter((migration) => filesOf(migration).every((file) => texts.has(file)))
    return { schema: stood(read.schema.migrations), seeds: stood(read.seeds?.migrations ?? []), texts }
  }
  const config = { ...read.config, layout: read.schema.layout.name }
  const { schema, seeds } = await readStreams(config, { files, environment: world.environment })
  return { schema: schema?.migrations ?? [], seeds: seeds?.migrations ?? [], texts }
}

async function differs(name: string, base: CommitFiles, now: Pick<Files, 'read'>): Promise<boolean> {
  const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')))
  const before = await base.read(name, folder)
  const after = await now.read(name, folder)
  return before.text !== after.text || before.unreadable !== undefined
}

/** What of a database is proved: all, nothing, or all from a migration on (an index of those of the schema). */
export type ProofScope = 'all' | 'nothing' | number

/** What the change can have an effect on: the first migration that it touches, and all after it. */
export function proofScope({ migrations, layout }: ReadDatabase['schema'], change: ChangedMigrations): ProofScope {
  const order = orderOf(layout.name)
  if (change.supportingFiles === 'changed') return 0
  const { added, edited, renamed, deleted } = change.schema
  const ids = new Set([...added, ...[...edited, ...renamed].map(({ now }) => now)].map(({ id }) => id))
  const first = migrations.findIndex(({ id }) => ids.has(id))
  const behind = deleted.map((gone) => migrations.findIndex((migration) => order(migration, gone) > 0))
  const starts = [first, ...behind].filter((at) => at !== -1)
  if (isTouched(change.schema)) return Math.min(migrations.length, ...starts)
  return isTouched(change.seeds) ? migrations.length : 'nothing'
}
