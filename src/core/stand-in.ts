// What is run in the place of a migration that is code.
import type { Migration } from './migration.js'

/** By version: the scripts (up, and down if there is one) to run for a migration that is code. */
export type StandIns = ReadonlyMap<string, Pick<Migration, 'up' | 'down'>>

/** The migration with the scripts that stand in for its code; as it is where nothing does, or where it is SQL itself. */
export function withStandIn(migration: Migration, standIns: StandIns): Migration {
  const instead = migration.code === undefined ? undefined : standIns.get(migration.version)
  return instead === undefined ? migration : { ...migration, ...instead }
}
