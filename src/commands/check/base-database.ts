// Where a database was at the base of a change, with which settings, and what its files held.
import { conventionalDatabase } from '../../config/discover.js'
import { CONFIG_FILE } from '../../config/keys.js'
import { readSettings, type Settings } from '../../config/settings.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import type { CommitFiles, Files } from '../../ports/files.js'
import { RULES } from '../../rules/index.js'
import { filesOfCommit } from './commit-files.js'
import { readDatabase, type ReadDatabase } from '../shared/read-database.js'
import type { World } from '../shared/context.js'

/**
 * The settings of the base; undefined where its config file cannot be read. `now`: those of today, which a config file with
 * the same text gives. `file`: as the request names it.
 */
export async function readBaseSettings(options: {
  readonly base: CommitFiles
  readonly files: Files
  readonly now: Settings
  readonly file: string | undefined
}): Promise<Settings | undefined> {
  const { base, files, now } = options
  const file = options.file ?? CONFIG_FILE
  // git knows nothing of a file out of the repository.
  if (file.startsWith('/') || file.startsWith('../')) return now
  const isThere = (await base.tree(file)) !== undefined
  const text = isThere ? (await base.read(file, '.')).text : undefined
  const today = now.file === undefined ? undefined : (await files.read(file, '.')).text
  if (text === today) return now
  try {
    const old = filesOfCommit(base)
    return await readSettings({
      files: isThere ? old : { ...old, kind: () => Promise.resolve(undefined) },
      file: options.file,
      rules: RULES.map(({ id }) => id),
    })
  } catch (error) {
    if (error instanceof UserError && error.kind === 'use') return undefined
    throw error
  }
}

/** Whether both decide the same about every database: without places, and without the databases themselves. */
export function sameSettings(a: Settings, b: Settings): boolean {
  const [one, other] = [a, b].map((settings) =>
    JSON.stringify({
      ...settings,
      file: undefined,
      databases: undefined,
      waivers: settings.waivers.map((waiver) => ({ ...waiver, place: undefined })),
    }),
  )
  return one === other
}

/** Whether both decide the same about what a database is proved with, wherever its folder is. */
export function sameDatabase(a: DatabaseConfig, b: DatabaseConfig): boolean {
  const [one, other] = [a, b].map((config) =>
    JSON.stringify({ ...config, name: undefined, folder: undefined, dsn: undefined }),
  )
  return one === other
}

/** The settings of one database at the base. Its folder is where the base has the files, if they moved since. */
export async function baseConfigOf(options: {
  readonly read: ReadDatabase
  readonly base: CommitFiles
  readonly settings: Settings | undefined
  readonly files: Pick<Files, 'kind'>
}): Promise<DatabaseConfig> {
  const { read, base, settings } = options
  const { name, folder } = read.config
  const named = settings?.databases.find((database) => database.name === name)
  const usual = named?.folder ?? folder
  const there = (await base.tree(usual)) === undefined ? ((await movedFrom(options)) ?? usual) : usual
  if (settings === undefined) return { ...read.config, folder: there }
  const own = named ?? settings.databases.find((database) => database.folder === there)
  return { ...(own ?? conventionalDatabase({ name, folder, unit: settings.unit })), folder: there }
}

/** The folder of the base that held at least half of the files, and no longer does. */
async function movedFrom({
  read,
  base,
  files,
}: {
  readonly read: ReadDatabase
  readonly base: CommitFiles
  readonly files: Pick<Files, 'kind'>
}): Promise<string | undefined> {
  const own = [...read.schema.files, ...(read.seeds?.files ?? [])]
  const byName = new Map<string, string[]>()
  for (const path of (await base.tree('.')) ?? []) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    byName.set(name, [...(byName.get(name) ?? []), path])
  }
  const held = new Map<string, string[]>()
  for (const { path, text } of own) {
    const name = below(read.config.folder, path)
    for (const there of byName.get(name.slice(name.lastIndexOf('/') + 1)) ?? []) {
      if (!there.endsWith(`/${name}`) || (await base.read(there, '.')).text !== text) continue
      const folder = there.slice(0, -name.length - 1)
      held.set(folder, [...(held.get(folder) ?? []), there])
    }
  }
  const [most] = [...held].toSorted(([, a], [, b]) => b.length - a.length)
  if (most === undefined || most[1].length * 2 < own.length) return undefined
  const [folder, [first = '']] = most
  return (await files.kind(first)) === undefined ? folder : undefined
}

/** A path below a folder, from there. */
export const below = (folder: string, path: string): string =>
  folder === '.' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path

/** The path of a file after its folder has moved; unchanged for a file that is not in that folder. */
export function movedTo(path: string, { from, to }: { readonly from: string; readonly to: string }): string {
  const isIn = from === '.' || path.startsWith(`${from}/`)
  if (from === to || !isIn) return path
  const name = below(from, path)
  return to === '.' ? name : `${to}/${name}`
}

/** Reads the database as it was, with its setup and substitutes. Undefined where that is not possible. */
export async function readBaseDatabase(
  config: DatabaseConfig,
  base: CommitFiles,
  world: World,
): Promise<ReadDatabase | undefined> {
  try {
    return await readDatabase(config, { ...world, files: filesOfCommit(base) })
  } catch (error) {
    if (error instanceof UserError && error.kind === 'use') return undefined
    throw error
  }
}
