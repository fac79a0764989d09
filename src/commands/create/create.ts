// The command `create`: the next free version in the folder's own style, and its files.
import { conventionalDatabase } from '../../config/discover.js'
import { DEFAULT_PATH } from '../../config/keys.js'
import { readSettings, type Settings } from '../../config/settings.js'
import { RULES } from '../../rules/index.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import { versionedOf } from '../../model/migration.js'
import { splitStatements } from '../../sql/statements.js'
import { markedFor } from '../../tools/markers.js'
import type { NewScript } from '../../tools/tool.js'
import { DEFAULT_TOOL, toolNamed } from '../../tools/tools.js'
import type { CreateRequest, Created } from './request.js'
import { deriveMigration, type DerivedFiles } from './derive-down.js'
import { newName, type NewName, newFiles } from './new-files.js'
import { readDatabase, type ReadDatabase, type ReadStream } from '../shared/read-database.js'
import { selectDatabases } from '../shared/databases.js'
import type { World } from '../shared/context.js'

/**
 * Writes all files of a new migration or none, and never overwrites a file. With `fromSql` it derives the down and proves
 * it; a down without a proof is not written (exit code 1). Rejects with a UserError for wrong use.
 */
export async function create(request: CreateRequest, world: World): Promise<Created> {
  const { seed, fromSql } = request
  if (seed && fromSql !== undefined) {
    const what = '--seed and --from-sql cannot be combined: no down can be derived from changes to rows'
    throw new UserError({ kind: 'use', what, fix: 'Leave one of them out.' })
  }
  const { files } = world
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const config = await findDatabase(request.database, settings, world)
  const read = await readIfPresent(config, world)
  const stream = streamOf(read, config, seed)
  const folder = seed ? pathIn(config.folder, 'seeds') : config.folder
  const name = nameMigration({ request, stream, config, world })
  const up: NewScript =
    fromSql === undefined ? template(name, 'up') : { comments: [], sql: await readUp(fromSql, world) }
  const made: Pick<DerivedFiles, 'files'> & Partial<DerivedFiles> =
    fromSql === undefined
      ? { files: newFiles({ tool: stream.layout, name, up, down: template(name, 'down') }) }
      : await deriveMigration({ read, stream, config, name, up, world })
  const paths = made.files.map(({ path }) => pathIn(folder, path))
  for (const path of paths) await refuseExistingFile(path, world)
  for (const [at, { text }] of made.files.entries()) await files.create(paths[at] ?? '', text)
  const { derived } = made
  const exitCode = derived?.problem === undefined ? 0 : 1
  return { database: config.name, id: name.id, files: paths, derived, exitCode }
}

const pathIn = (folder: string, name: string): string => (folder === '.' ? name : `${folder}/${name}`)

/** A database of the config or of the migration folders, an empty folder for a new one, or any folder by its path. */
async function findDatabase(name: string, settings: Settings, world: World): Promise<DatabaseConfig> {
  const path = name.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
  const known = settings.databases.find((database) => database.name === name || database.folder === path)
  if (known !== undefined) return known
  const folder = path.includes('/') ? path : `${DEFAULT_PATH}/${path}`
  if ((await world.files.kind(folder)) === 'folder') {
    return conventionalDatabase({ name: folder.slice(folder.lastIndexOf('/') + 1), folder, unit: settings.unit })
  }
  const { databases } = await selectDatabases({ files: world.files, settings, paths: [], names: [name] }).catch(
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error
      const fix = `${error.fix}\nFor a new database create its folder first: mkdir -p ${DEFAULT_PATH}/NAME`
      throw new UserError({ kind: error.kind, what: error.message, fix, cause: error })
    },
  )
  const [found] = databases
  if (found === undefined) throw new Error(`no database ${name} although none is missing`)
  return found
}

/** Undefined for a folder without migrations: the database is new. */
async function readIfPresent(config: DatabaseConfig, world: World): Promise<ReadDatabase | undefined> {
  const tree = await world.files.tree(config.folder)
  const own = tree?.filter((path) => !path.startsWith(pathIn(config.folder, 'seeds/'))) ?? []
  return own.some((path) => /\.(?:sql|go|[cm]?[jt]s)$/.test(path)) ? readDatabase(config, world) : undefined
}

function streamOf(
  read: ReadDatabase | undefined,
  config: DatabaseConfig,
  seed: boolean,
): Pick<ReadStream, 'layout' | 'migrations' | 'files'> {
  const own = config.layout === undefined ? DEFAULT_TOOL : toolNamed(config.layout)
  const layout = read?.schema.layout ?? own
  const stream = (seed ? read?.seeds : read?.schema) ?? { layout, migrations: [], files: [] }
  return { layout: stream.layout, migrations: versionedOf(stream.migrations), files: stream.files }
}

function nameMigration(options: {
  readonly request: CreateRequest
  readonly stream: ReturnType<typeof streamOf>
  readonly config: DatabaseConfig
  readonly world: World
}): NewName {
  const { request, stream, config, world } = options
  const { migrations, files, layout } = stream
  const newest = migrations.at(-1)
  const refused = newest && layout.create.refusal(migrations, newest.id)
  if (refused !== undefined) {
    throw new UserError({ kind: 'use', what: `${config.folder} holds ${refused.holds}`, fix: refused.fix })
  }
  const name = newName({
    neighbours: { tool: layout, migrations, files },
    title: request.name,
    kind: request.seed ? 'seed' : 'schema',
    now: world.clock.now(),
  })
  if (name === 'no words') {
    const what = `the name ${JSON.stringify(request.name)} has no letters or digits for a file name`
    throw new UserError({ kind: 'use', what, fix: 'Use letters and digits: create DATABASE "add phone to users"' })
  }
  if (name === 'no number') {
    const what = `no number comes after ${newest?.id ?? 'all others'}: the tool runs files ${layout.order.words}`
    throw new UserError({
      kind: 'use',
      what,
      fix: `Write the file by hand, with a name that comes after ${newest?.id ?? 'all others'}.`,
    })
  }
  const base = name.up.split('/')[0] ?? name.up
  if (config.naming !== undefined && !request.seed && !new RegExp(config.naming).test(base)) {
    const what = `${base} does not match the naming pattern of ${config.name}: ${config.naming}`
    throw new UserError({ kind: 'use', what, fix: 'Choose another name, or write the file by hand.' })
  }
  return name
}

async function readUp(path: string, world: World): Promise<string> {
  const file = await world.files.read(path, path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  if (file.unreadable !== undefined) {
    const what = `${path} cannot be read: ${file.unreadable}`
    throw new UserError({ kind: 'use', what, fix: 'Name a file that holds the SQL of the up.' })
  }
  if (splitStatements(file.text).length === 0) {
    const what = `${path} holds no SQL statement`
    throw new UserError({ kind: 'use', what, fix: 'Name a file that holds the SQL of the up.' })
  }
  const tool = markedFor(file.text)
  if (tool !== undefined) {
    const what = `${path} contains markers of ${tool}`
    throw new UserError({ kind: 'use', what, fix: 'Give only the SQL of the up: create adds the markers.' })
  }
  return file.text.replace(/^\uFEFF/, '')
}

const template = (name: NewName, direction: 'up' | 'down'): NewScript => ({
  comments: [
    direction === 'up'
      ? `${name.id}, up: what changes, and why.`
      : `${name.id}, down: rolls back everything that the up does, in reverse order.`,
  ],
  sql: '',
})

async function refuseExistingFile(path: string, world: World): Promise<void> {
  if ((await world.files.kind(path)) === undefined) return
  throw new UserError({ kind: 'use', what: `${path} already exists`, fix: 'Choose another name.' })
}
