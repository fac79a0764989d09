// The command `create`: the next free version in the folder's own style, and its files.
import { conventionalDatabase } from '../../config/discover.js'
import { DEFAULT_PATH } from '../../config/keys.js'
import { readSettings, type Settings } from '../../config/settings.js'
import { RULES } from '../../rules/index.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import { comesAfter, orderWords } from '../../model/file-order.js'
import { splitStatements } from '../../sql/statements.js'
import { layoutNamed } from '../../tools/detect-layout.js'
import { markedFor } from '../../tools/markers.js'
import { areByServer } from '../../tools/directories/names.js'
import { areInFolders } from '../../tools/pairs/numbered-folders.js'
import { isPrismas } from '../../tools/directories/prisma.js'
import type { CreateRequest, Created } from './request.js'
import { deriveNew, type DerivedFiles } from './derive-down.js'
import { newName, type NewName } from './file-names.js'
import { newFiles, type NewScript } from './file-text.js'
import { readDatabase, type ReadDatabase, type ReadStream } from '../shared/read-database.js'
import { selectDatabases } from '../shared/databases.js'
import type { World } from '../shared/context.js'

/**
 * Writes the files of a new migration, or none of them; never over one that is there. With `fromSql` the down is derived
 * and proved; one that does not prove is not written (exit code 1). Rejects with a UserError for wrong use.
 */
export async function create(request: CreateRequest, world: World): Promise<Created> {
  const { seed, fromSql } = request
  if (seed && fromSql !== undefined) {
    const what = '--seed and --from-sql do not go together: what a seed does to rows cannot be derived'
    throw new UserError({ kind: 'use', what, fix: 'Leave one of them out.' })
  }
  const { files } = world
  const settings = await readSettings({ files, file: request.config, rules: RULES.map(({ id }) => id) })
  const config = await findDatabase(request.database, settings, world)
  const read = await readIfThere(config, world)
  const stream = streamOf(read, config, seed)
  const folder = seed ? within(config.folder, 'seeds') : config.folder
  const name = named({ request, stream, config, world })
  const up: NewScript =
    fromSql === undefined ? template(name, 'up') : { comments: [], sql: await readUp(fromSql, world) }
  const made: Pick<DerivedFiles, 'files'> & Partial<DerivedFiles> =
    fromSql === undefined
      ? { files: newFiles({ layout: stream.layout.name, name, up, down: template(name, 'down') }) }
      : await deriveNew({ read, stream, config, name, up, world })
  const paths = made.files.map(({ path }) => within(folder, path))
  for (const path of paths) await refuseTaken(path, world)
  for (const [at, { text }] of made.files.entries()) await files.create(paths[at] ?? '', text)
  const { derived } = made
  const exitCode = derived?.problem === undefined ? 0 : 1
  return { database: config.name, id: name.id, files: paths, derived, exitCode }
}

const within = (folder: string, name: string): string => (folder === '.' ? name : `${folder}/${name}`)

/** One that the config or the folders show, an empty folder where a new one belongs, or any folder by its path. */
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
      const fix = `${error.fix}\nFor a new database make its folder first: mkdir -p ${DEFAULT_PATH}/NAME`
      throw new UserError({ kind: error.kind, what: error.message, fix, cause: error })
    },
  )
  const [found] = databases
  if (found === undefined) throw new Error(`no database ${name} although none is missing`)
  return found
}

/** A folder without a migration is a new one. */
async function readIfThere(config: DatabaseConfig, world: World): Promise<ReadDatabase | undefined> {
  const tree = await world.files.tree(config.folder)
  const own = tree?.filter((path) => !path.startsWith(within(config.folder, 'seeds/'))) ?? []
  return own.some((path) => /\.(?:sql|go|[cm]?[jt]s)$/.test(path)) ? readDatabase(config, world) : undefined
}

function streamOf(
  read: ReadDatabase | undefined,
  config: DatabaseConfig,
  seed: boolean,
): Pick<ReadStream, 'layout' | 'migrations' | 'files'> {
  const layout = read?.schema.layout ?? layoutNamed(config.layout ?? 'pairs')
  return (seed ? read?.seeds : read?.schema) ?? { layout, migrations: [], files: [] }
}

function named(options: {
  readonly request: CreateRequest
  readonly stream: ReturnType<typeof streamOf>
  readonly config: DatabaseConfig
  readonly world: World
}): NewName {
  const { request, stream, config, world } = options
  const { migrations, files, layout } = stream
  const name = newName({
    neighbours: { layout: layout.name, migrations, files },
    title: request.name,
    kind: request.seed ? 'seed' : 'schema',
    now: world.clock.now(),
  })
  if (name === undefined) {
    const what = `nothing of the name ${JSON.stringify(request.name)} can stand in a file name`
    throw new UserError({ kind: 'use', what, fix: 'Use letters and digits: create DATABASE "add phone to users"' })
  }
  if (isPrismas(migrations)) {
    const what = `${config.folder} holds migrations of Prisma, which makes them from its schema file`
    throw new UserError({ kind: 'use', what, fix: 'prisma migrate dev --create-only' })
  }
  const newest = migrations.at(-1)
  if (newest !== undefined && areByServer(migrations)) {
    const what = `${config.folder} holds migrations with a file for each server, and what the others get is yours to say`
    throw new UserError({ kind: 'use', what, fix: `Write the folder by hand, behind ${newest.id}.` })
  }
  if (newest !== undefined && areInFolders(migrations)) {
    const what = `${config.folder} holds one chain in numbered folders, and which folder comes next is yours to say`
    throw new UserError({ kind: 'use', what, fix: `Write the file by hand, behind ${newest.id}.` })
  }
  if (newest !== undefined && !comesAfter(layout.name, name.version, newest)) {
    const what = `${name.id} would run before ${newest.id}: the tool runs files ${orderWords(layout.name)}`
    throw new UserError({
      kind: 'use',
      what,
      fix: `Write the file by hand, with a name that comes after ${newest.id}.`,
    })
  }
  const base = name.up.split('/')[0] ?? name.up
  if (config.naming !== undefined && !request.seed && !new RegExp(config.naming).test(base)) {
    const what = `${base} does not match the pattern under naming for ${config.name}: ${config.naming}`
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
    const what = `${path} has markers of ${tool} in it`
    throw new UserError({ kind: 'use', what, fix: 'Give the SQL of the up alone; the markers are put around it.' })
  }
  return file.text.replace(/^\uFEFF/, '')
}

const template = (name: NewName, direction: 'up' | 'down'): NewScript => ({
  comments: [
    direction === 'up'
      ? `${name.id}, up: what changes, and why.`
      : `${name.id}, down: takes back all that the up does, the newest first.`,
  ],
  sql: '',
})

async function refuseTaken(path: string, world: World): Promise<void> {
  if ((await world.files.kind(path)) === undefined) return
  throw new UserError({ kind: 'use', what: `${path} is there already`, fix: 'Choose another name.' })
}
