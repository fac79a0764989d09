// The default settings of a database that no config file mentions.
import type { DatabaseConfig, Unit } from '../model/config.js'
import { dsnVariable } from '../model/config.js'

/** The default settings for a name and a folder. */
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
 * Databases for folders, each named after its folder. Where names are equal or among `taken`, parent folders are added
 * until they differ (`billing/migrations`). The DSN variable follows the name.
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

/** The last parts of a path. The current folder has no name, so it is called `migrations`. */
function lastParts(folder: string, count: number): string {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.length === 0 ? 'migrations' : parts.slice(-count).join('/')
}
