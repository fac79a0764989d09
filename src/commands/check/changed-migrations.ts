// Reads the migrations of one database before and after a change, and decides what has to be proved.
import { changeOf, isTouched, type DatabaseChange } from '../../model/change.js'
import { filesOf } from '../../model/migration.js'
import type { CommitFiles, Files } from '../../ports/files.js'
import type { ComparisonBase } from './base.js'
import { readStreams, type ReadDatabase, type ReadStream } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

/** `supportingFiles`: whether the change touches a file that every migration depends on (config, setup, SQL substitute). */
export type ChangedMigrations = {
  readonly schema: DatabaseChange
  readonly seeds: DatabaseChange
  readonly supportingFiles: 'same' | 'changed'
  /** The text of every file of the base, by its path. */
  readonly baseTexts: ReadonlyMap<string, string>
}

/** Reads both sides with the current layout. Never rejects because of the contents of the base. */
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
    schema: changeOf({ now: read.schema.migrations, ...sides(base, tip, 'schema') }),
    seeds: changeOf({ now: read.seeds?.migrations ?? [], ...sides(base, tip, 'seeds') }),
    supportingFiles: changes.includes(true) ? 'changed' : 'same',
    baseTexts: base.texts,
  }
}

const sides = (
  base: CommitMigrations,
  tip: CommitMigrations,
  stream: 'schema' | 'seeds',
): Pick<Parameters<typeof changeOf>[0], 'base' | 'tip' | 'baseProblems'> => ({
  base: base[stream].migrations,
  tip: tip[stream].migrations,
  baseProblems: base[stream].problems,
})

/** `texts` are those of all files, by their paths. */
type CommitMigrations = {
  readonly schema: Side
  readonly seeds: Side
  readonly texts: ReadonlyMap<string, string>
}

type Side = Pick<ReadStream, 'migrations' | 'problems'>

const EMPTY: Side = { migrations: [], problems: [] }

/** Where all files of the commit are the same as now (the common case), the migrations read from the current files count. */
async function readCommit(files: CommitFiles, read: ReadDatabase, world: World): Promise<CommitMigrations> {
  const { folder } = read.config
  const now = new Map([...read.schema.files, ...(read.seeds?.files ?? [])].map((file) => [file.path, file]))
  const names = (await files.tree(folder)) ?? []
  const there = await Promise.all(names.map((path) => files.read(path, folder, now.get(path))))
  const texts = new Map(there.map(({ path, text }) => [path, text]))
  if (there.every(({ path, text, unreadable }) => unreadable === undefined && now.get(path)?.text === text)) {
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

async function differs(name: string, base: CommitFiles, now: Pick<Files, 'read'>): Promise<boolean> {
  const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')))
  const before = await base.read(name, folder)
  const after = await now.read(name, folder)
  return before.text !== after.text || before.unreadable !== undefined
}

/** The migrations to prove: all, none, or all from an index of the schema migrations on. */
export type ProofScope = 'all' | 'nothing' | number

/** The first migration that the change touches, and all after it. */
export function proofScope({ migrations, layout }: ReadDatabase['schema'], change: ChangedMigrations): ProofScope {
  const order = layout.order.compare
  if (change.supportingFiles === 'changed') return 0
  const { added, edited, renamed, deleted } = change.schema
  const ids = new Set([...added, ...[...edited, ...renamed].map(({ now }) => now)].map(({ id }) => id))
  const first = migrations.findIndex(({ id }) => ids.has(id))
  const afterDeleted = deleted.map((gone) => migrations.findIndex((migration) => order(migration, gone) > 0))
  const starts = [first, ...afterDeleted].filter((at) => at !== -1)
  if (isTouched(change.schema)) return Math.min(migrations.length, ...starts)
  return isTouched(change.seeds) ? migrations.length : 'nothing'
}
