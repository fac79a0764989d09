// Reads and parses the files of one database.
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import type { Migration, Script, SqlSubstitutes } from '../../model/migration.js'
import type { Ignored } from '../../report/check-report.js'
import type { SourceFile } from '../../model/source.js'
import { findByVersion } from '../../model/version.js'
import { mentionedHistory } from '../../tools/history-on-scratch.js'
import { detectLayout, type Detected, toolNamed } from '../../tools/tools.js'
import type { Tool, Stream } from '../../tools/tool.js'
import { foreignFolder } from '../../tools/foreign/folder.js'
import { otherServer } from '../../tools/foreign/server.js'
import { plainScript } from '../../tools/script.js'
import { isSeedModule, seedModules, withModules } from '../../tools/seed-modules.js'
import { createLimit } from '../../model/limit.js'
import { type ForeignFolderError, ofOtherServer, ofOtherTool } from './foreign-folder.js'
import { describeFiles } from './nothing-found.js'
import type { Files } from '../../ports/files.js'
import type { World } from './context.js'

/** Migrations or seeds: the files, their contents and their layout. */
export type ReadStream = Stream & {
  readonly layout: Tool
  readonly reason: string
  readonly files: readonly SourceFile[]
}

export type ReadDatabase = {
  readonly config: DatabaseConfig
  readonly schema: ReadStream
  readonly seeds: ReadStream | undefined
  /** The SQL that runs on a scratch database before the first migration. */
  readonly setup: readonly Script[]
  readonly standIns: SqlSubstitutes
  /** The SQL that puts the rows of the user into a watched database. */
  readonly fixtures: readonly Script[]
  readonly ignored: readonly Ignored[]
}

/** The source of the files: the working tree or a commit. */
export type Reading = { readonly files: Pick<Files, 'tree' | 'read'>; readonly environment: World['environment'] }

/** The user's queries that run after a deploy. They are no migrations. */
export const ASSERTIONS = 'assert'

/** Where the seeds of a database are. */
export const seedsFolderOf = ({ folder }: Pick<DatabaseConfig, 'folder'>): string =>
  folder === '.' ? 'seeds' : `${folder}/seeds`

/** Both streams of a database; undefined without a folder, or without files that the layout knows. */
export async function readStreams(
  config: DatabaseConfig,
  world: Reading,
): Promise<{
  readonly tree: readonly string[] | undefined
  readonly schema: ReadStream | undefined
  readonly seeds: ReadStream | undefined
}> {
  const { folder } = config
  const seedsFolder = seedsFolderOf(config)
  const tree = await world.files.tree(folder)
  const isSeed = (name: string): boolean => name.startsWith(`${seedsFolder}/`)
  const isAssertion = (name: string): boolean => name.startsWith(`${folder === '.' ? '' : `${folder}/`}${ASSERTIONS}/`)
  const schema = await readStream({
    config,
    world,
    folder,
    names: tree?.filter((name) => !isSeed(name) && !isAssertion(name)) ?? [],
  })
  if (schema === undefined || schema.migrations.length + schema.problems.length === 0) {
    return { tree, schema: undefined, seeds: undefined }
  }
  const seedNames = tree?.filter(isSeed) ?? []
  const seeds = await readStream({ config, world, folder: seedsFolder, names: seedNames, like: schema.layout })
  return { tree, schema, seeds }
}

/**
 * Rejects with a UserError without a folder, or without files that any layout knows; with a ForeignFolderError where they
 * are those of another tool, or for another server. `fixtures`: their folder, where they are wanted.
 */
export async function readDatabase(config: DatabaseConfig, world: World, fixtures?: string): Promise<ReadDatabase> {
  const { tree, schema, seeds } = await readStreams(config, world)
  if (schema === undefined) throw await empty(config, tree, world)
  refuseForeign(config, schema)
  const setup = await readSetup(config, world)
  return {
    config,
    schema,
    seeds,
    setup: [...toolsTable({ config, schema, setup }), ...setup],
    standIns: await readStandIns({ config, world, schema }),
    fixtures: await readFixtures(fixtures, world),
    ignored: [...schema.ignored, ...(seeds?.ignored ?? [])],
  }
}

/** `like`: the layout of seeds whose own layout is not clear. Without names there is no stream. */
async function readStream(options: {
  readonly config: DatabaseConfig
  readonly world: Reading
  readonly folder: string
  readonly names: readonly string[]
  readonly like?: Tool
}): Promise<ReadStream | undefined> {
  const { config, world, folder, names, like } = options
  if (names.length === 0) return undefined
  const oneOfMany = createLimit(32)
  const listed = await Promise.all(names.map((name) => oneOfMany(() => world.files.read(name, folder))))
  const scripts = (files: readonly SourceFile[]): readonly SourceFile[] =>
    like === undefined ? files : files.filter((file) => !isSeedModule(file))
  const detected: Pick<Detected, 'layout' | 'reason'> | undefined =
    config.layout === undefined
      ? (detectLayout(scripts(listed)) ?? (like && { layout: like, reason: 'as the migrations' }))
      : { layout: toolNamed(config.layout), reason: 'the config says so' }
  if (detected === undefined) return undefined
  const { layout, reason } = detected
  const files = layout.files.select?.(listed) ?? listed
  const kind = like === undefined ? 'schema' : 'seed'
  const read = layout.files.read(scripts(files), { kind, config, environment: world.environment })
  const stream = withModules(read, like === undefined ? [] : seedModules(files), layout.order.compare)
  return { ...stream, migrations: stream.migrations.map((one) => withRefusal(one, stream)), layout, reason, files }
}

/** What the tool would report about a file that it cannot parse. */
function withRefusal(migration: Migration, { problems }: Stream): Migration {
  const refused = problems.find((problem) => problem.rule === 'unparsable' && problem.migration === migration.id)
  return refused === undefined
    ? migration
    : { ...migration, refused: { message: refused.message, place: refused.place } }
}

function refuseForeign(config: DatabaseConfig, { files, migrations }: ReadStream): void {
  const tool = foreignFolder(files)
  if (tool !== undefined) throw ofOtherTool(config, tool)
  const server = otherServer(migrations)
  if (server !== undefined) throw ofOtherServer(config, server)
}

async function empty(
  config: DatabaseConfig,
  tree: readonly string[] | undefined,
  { files }: World,
): Promise<UserError | ForeignFolderError> {
  const { name, folder, layout } = config
  const listed = await Promise.all((tree ?? []).map((path) => files.read(path, folder)))
  const tool = foreignFolder(listed)
  if (tool !== undefined) return ofOtherTool(config, tool)
  return new UserError({
    kind: 'use',
    what: `${name}: no migrations${layout === undefined ? '' : ` of layout ${layout}`} in ${folder}\n${describeFiles(tree)}`,
    fix: `Name another folder or layout for ${name} in the config, or leave it out with --databases.`,
  })
}

/** Migrations that change the tool's own table find it on a scratch database too. */
function toolsTable({ config, schema, setup }: Pick<ReadDatabase, 'config' | 'schema' | 'setup'>): readonly Script[] {
  const { layout, migrations } = schema
  const mentioned = mentionedHistory({ config, layout: layout.name, migrations, others: setup })
  if (mentioned === undefined) return []
  return [plainScript({ file: `the table of ${mentioned.kind}`, text: mentioned.sql, transaction: 'message' })]
}

/** In the order of their names. */
async function readFixtures(folder: string | undefined, world: World): Promise<readonly Script[]> {
  const names =
    folder === undefined ? [] : ((await world.files.tree(folder)) ?? []).filter((name) => /\.sql$/i.test(name))
  const files = await Promise.all(names.toSorted().map((name) => readText(name, world)))
  return files.map((file) => plainScript({ file: file.path, text: file.text, transaction: 'wrapped' }))
}

async function readSetup(config: DatabaseConfig, world: World): Promise<readonly Script[]> {
  const files = await Promise.all(config.setup.map((name) => readText(name, world)))
  return files.map((file) => plainScript({ file: file.path, text: file.text, transaction: 'message' }))
}

/**
 * A SQL substitute is written like a migration of the folder, with both directions, or holds only the SQL of its up.
 */
async function readStandIns(options: {
  readonly config: DatabaseConfig
  readonly world: World
  readonly schema: ReadStream
}): Promise<ReadDatabase['standIns']> {
  const { config, world, schema } = options
  const entries = Object.entries(config.standIns)
  const scripts = await Promise.all(
    entries.map(async ([version, name]) => {
      const migration = schema.migrations.find(
        (candidate) => findByVersion({ [version]: version }, candidate) !== undefined,
      )
      if (migration === undefined) throw strayStandIn({ config, version, name, schema })
      const file = await readText(name, world)
      const like = schema.layout.files.read([{ ...file, name: `${migration.version}_stand_in.sql` }], {
        kind: 'schema',
        config: { ...config, naming: undefined, history: { kind: undefined, table: undefined } },
        environment: world.environment,
      }).migrations[0]
      const plain = plainScript({ file: file.path, text: file.text, transaction: 'wrapped' })
      const isWhole = like?.up !== undefined && like.up.messages.length > 0
      return [migration.version, isWhole ? { up: like.up, down: like.down } : { up: plain, down: undefined }] as const
    }),
  )
  return new Map(scripts)
}

function strayStandIn(options: {
  config: DatabaseConfig
  version: string
  name: string
  schema: ReadStream
}): UserError {
  const { config, version, name, schema } = options
  const code = schema.migrations
    .filter((migration) => migration.code !== undefined)
    .map((migration) => migration.version)
  return new UserError({
    kind: 'use',
    what: `${config.name}: ${name} is the substitute for the version ${version}, which is not in ${config.folder}`,
    fix: code.length === 0 ? 'Take it out of the config.' : `Migrations that need one: ${code.join(', ')}.`,
  })
}

async function readText(name: string, world: World): Promise<SourceFile> {
  const file = await world.files.read(name, name.slice(0, Math.max(0, name.lastIndexOf('/'))))
  if (file.unreadable === undefined) return file
  const what = `${name} cannot be read: ${file.unreadable}`
  throw new UserError({ kind: 'use', what, fix: 'The config names this file (setup or stand-ins).' })
}
