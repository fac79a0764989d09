// Selects the databases of a run: those of the config, and those found in the folders.
import { conventionalDatabases } from '../../config/discover.js'
import { DEFAULT_PATH } from '../../config/keys.js'
import { didYouMean } from '../../model/did-you-mean.js'
import type { Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import type { Ignored } from '../../report/check-report.js'
import { databaseFolders, type Folders } from '../../tools/folders.js'
import type { Files } from '../../ports/files.js'
import { ofOtherTool, skippedAs } from './foreign-folder.js'
import { LEADS_OUT, nothingFound } from './nothing-found.js'

/**
 * `skipped`: folders next to the databases that are not used. `linked`: those of them that are links out of the
 * repository.
 */
export type Selection = {
  readonly databases: readonly DatabaseConfig[]
  readonly skipped: readonly Ignored[]
  readonly linked: readonly Ignored[]
}

/** `paths` and `names` as a request gives them. */
type SelectOptions = {
  readonly files: Files
  readonly settings: Settings
  readonly paths: readonly string[]
  readonly names: readonly string[]
}

/**
 * With paths: the databases of the config at or below them, and others found there. Without paths: all of the config,
 * and others found in the default folder. Rejects with a UserError if there are none.
 */
export async function selectDatabases({ files, settings, paths, names }: SelectOptions): Promise<Selection> {
  const given = paths.length > 0
  const places = await Promise.all(
    (given ? paths : [DEFAULT_PATH]).map(async (path) => {
      const named = settings.databases.filter((database) => isWithin(database.folder, path))
      return { path, named, found: await discover({ files, settings, path }) }
    }),
  )
  for (const { path, named, found } of places) {
    const [foreign] = found.foreign
    if (named.length + found.databases.length === 0 && foreign !== undefined) {
      throw ofOtherTool({ folder: foreign.folder }, foreign)
    }
    const enough = named.length > 0 || found.databases.length > 0 || (!given && settings.databases.length > 0)
    if (!enough) throw await nothingFound({ files, path, given })
  }
  const named = given ? unique(places.flatMap((place) => place.named)) : settings.databases
  const folders = unique(places.flatMap(({ found }) => found.databases.map(({ folder }) => folder)))
  const taken = settings.databases.map(({ name }) => name)
  const all = [...named, ...conventionalDatabases({ folders, taken, unit: settings.unit })]
  const databases = choose(all, names)
  const linked = await linkedFrom(files, [...places.map(({ path }) => path), ...databases.map(({ folder }) => folder)])
  const known = linked.filter(({ path }) => !settings.ignore.some((folder) => isWithin(path, folder)))
  const foreign = places.flatMap(({ found }) =>
    found.foreign.map((one) => skippedAs(one.folder, ofOtherTool({ folder: one.folder }, one))),
  )
  return { databases, skipped: [...places.flatMap(({ found }) => found.skipped), ...foreign, ...known], linked: known }
}

/** A wrong name would silently order nothing. `databases` are the selected ones. Rejects with a UserError. */
export async function refuseUnknownOrder(
  selecting: SelectOptions,
  databases: readonly DatabaseConfig[],
): Promise<void> {
  const { order } = selecting.settings.deploy
  if (order.length === 0 || selecting.paths.length > 0) return
  const all = selecting.names.length === 0 ? databases : (await selectDatabases({ ...selecting, names: [] })).databases
  const known = all.map(({ name }) => name)
  const unknown = order.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const what = `deploy: order in the config names "${unknown}", which is no database${didYouMean(unknown, known)}`
  throw new UserError({ kind: 'use', what, fix: `Choose from: ${known.join(', ')}.` })
}

/** Links out of the repository are not followed, because their target was not reviewed. */
async function linkedFrom(files: Files, folders: readonly string[]): Promise<readonly Ignored[]> {
  const top = unique(folders).filter((one) => !folders.some((other) => other !== one && isWithin(one, other)))
  const found = await Promise.all(top.map((folder) => files.linked(folder)))
  return unique(found.flat()).map((path) => ({ path, reason: LEADS_OUT, linked: true }))
}

/** The databases found below a path that the config does not name. */
async function discover(options: { files: Files; settings: Settings; path: string }): Promise<Folders> {
  const { files, settings, path } = options
  const known = [...settings.databases.map(({ folder }) => folder), ...settings.ignore]
  const isKnown = (name: string): boolean => known.some((folder) => isWithin(name, folder))
  const tree = (await files.tree(path)) ?? []
  return databaseFolders(
    tree.filter((name) => !isKnown(name)),
    path,
  )
}

function choose(databases: readonly DatabaseConfig[], names: readonly string[]): readonly DatabaseConfig[] {
  const known = databases.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const said = unknown.map((name) => `"${name}"${didYouMean(name, known)}`).join(', ')
    const what = `there is no database ${said}`
    throw new UserError({ kind: 'use', what, fix: `The databases here are: ${known.join(', ')}.` })
  }
  return names.length === 0 ? databases : databases.filter(({ name }) => names.includes(name))
}

const isWithin = (name: string, folder: string): boolean =>
  folder === '.' ? !name.startsWith('/') && !name.startsWith('../') : name === folder || name.startsWith(`${folder}/`)

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)]
