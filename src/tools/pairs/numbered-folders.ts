// A chain that is spread over numbered folders (`1/01_x.up.sql`, `2/01_y.up.sql`; `0.26/00__z.sql`): one stream, folder by folder.
import type { Migration } from '../../model/migration.js'
import type { SourceFile } from '../../model/source.js'
import { directFiles } from '../ignored.js'
import { parsePairName, type PairName } from './name.js'

/** A folder that is a part of a version. Its number goes in front of those of its files. */
const NUMBER = /^v?(\d+(?:[._]\d+)*)$/i

/** One folder alone may have a number as its name for any reason. */
const AT_LEAST = 2

/**
 * Whether folders with versioned files, by their names, make one chain: all of them are numbers. `own` are the files
 * beside them, none of which has a version.
 */
export const areNumbered = (folders: readonly string[], own: readonly string[]): boolean =>
  folders.length >= AT_LEAST &&
  folders.every((name) => NUMBER.test(name)) &&
  own.every((name) => parsePairName(name) === undefined)

/** The files of such folders; undefined where there are no such folders. */
export function inNumberedFolders(files: readonly SourceFile[]): readonly SourceFile[] | undefined {
  const inside = files.filter(({ name }) => /^[^./][^/]*\/[^/.][^/]*$/.test(name))
  const versioned = inside.filter(({ name }) => parsePairName(lastOf(name)) !== undefined)
  const folders = [...new Set(versioned.map(({ name }) => folderOf(name)).filter((name) => name !== 'seeds'))]
  const own = directFiles(files).map(({ name }) => name)
  return areNumbered(folders, own) ? inside.filter(({ name }) => folders.includes(folderOf(name))) : undefined
}

/** As `parsePairName`; in a numbered folder the folder's number is the first part of the version, its name that of the id. */
export function parseInFolder(name: string): PairName | undefined {
  const parsed = parsePairName(lastOf(name))
  const folder = name.includes('/') ? folderOf(name) : ''
  const number = NUMBER.exec(folder)?.[1]
  if (parsed === undefined || number === undefined) return parsed
  const within = (id: string): string => `${folder}/${id}`
  return {
    ...parsed,
    version: `${number}.${parsed.version}`,
    id: within(parsed.id),
    readings: parsed.readings.map((reading) => ({ ...reading, id: within(reading.id) })),
  }
}

/** Whether a stream is such a chain: no tool with a known history runs one. */
export const areInFolders = (migrations: readonly Migration[]): boolean =>
  migrations.some(({ id, version }) => id.includes('/') && version.includes('.'))

const folderOf = (name: string): string => name.slice(0, name.indexOf('/'))
const lastOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
