// What holds for a database when nobody says anything about it.
import { type DatabaseConfig, type Unit, dsnVariable } from '../model/config.js'

/** A database of which only name and folder are known. */
export function conventionalDatabase(options: { name: string; folder: string; unit: Unit }): DatabaseConfig {
  const { name, folder, unit } = options
  return {
    name,
    folder,
    layout: undefined,
    naming: undefined,
    history: { kind: undefined, table: undefined },
    dsn: dsnVariable(name),
    transaction: undefined,
    session: 'reset',
    setup: [],
    standIns: {},
    extensions: [],
    irreversible: {},
    unit,
    journal: 'on',
    production: 'deploy',
  }
}

/**
 * Databases for folders, each named after its folder. Folders of the same name, and folders whose name is among
 * `taken`, get as many of the folders above them into their name as it takes to tell them apart (`billing/migrations`);
 * so does the variable of their DSN.
 */
export function conventionalDatabases(options: {
  readonly folders: readonly string[]
  readonly taken: readonly string[]
  readonly unit: Unit
}): readonly DatabaseConfig[] {
  const { folders, taken, unit } = options
  return folders.map((folder) => {
    const others = folders.filter((other) => other !== folder)
    const depth = folder.split('/').length
    const lengths = Array.from({ length: depth }, (_, i) => i + 1)
    const clashes = (length: number): boolean =>
      taken.includes(lastParts(folder, length)) ||
      others.some((other) => lastParts(other, length) === lastParts(folder, length))
    const length = lengths.find((candidate) => !clashes(candidate))
    return conventionalDatabase({ name: length === undefined ? folder : lastParts(folder, length), folder, unit })
  })
}

/** The last parts of a path; the folder we stand in has no name, so it is called after what it holds. */
function lastParts(folder: string, count: number): string {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.length === 0 ? 'migrations' : parts.slice(-count).join('/')
}
