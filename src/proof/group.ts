// Which migrations are proved as one.
import type { Unit } from '../core/config.js'
import type { Migration } from '../core/migration.js'

/**
 * `each`: every migration by itself. `range`: neighbours that were split out of one change, told by the same name and,
 * where versions are longer than a 14-digit time stamp, the same stamp (fizz, the tool behind ory's projects, numbers
 * statements behind it). `chain`: all of them.
 */
export function groupBy(unit: Unit, migrations: readonly Migration[]): readonly (readonly Migration[])[] {
  if (unit === 'chain') return migrations.length === 0 ? [] : [migrations]
  if (unit === 'each') return migrations.map((migration) => [migration])
  const groups: Migration[][] = []
  let key: string | undefined
  for (const migration of migrations) {
    const own = `${migration.version.slice(0, 14)} ${migration.name}`
    if (own === key) groups.at(-1)?.push(migration)
    else groups.push([migration])
    key = own
  }
  return groups
}
