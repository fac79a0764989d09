// The files of an online way in the folder of its migration: directly behind it, or behind the newest where there is no room.
import type { DatabaseChange } from '../../model/change.js'
import { numberOf } from '../../model/change.js'
import { versionedOf, type Migration } from '../../model/migration.js'
import type { WriteWay } from '../../prove/online-ways.js'
import { onlineFiles } from '../create/online-files.js'
import type { ReadDatabase } from '../shared/read-database.js'

/** `now` in milliseconds since 1970. Behind the newest only where no migration between is merged. */
export function wayWriter(read: ReadDatabase, change: DatabaseChange, now: number): WriteWay {
  const numbers = new Map<string, string>()
  return (migration, way, earlier) => {
    const { layout: tool, migrations, files } = read.schema
    const given = earlier.flatMap((one) => one.migrations.slice(1).flatMap((id) => numbers.get(id) ?? []))
    const others = [...[...change.base, ...change.tip].map(numberOf), ...given]
    const known = { neighbours: { tool, migrations, files }, migration, way, config: read.config, others, now }
    const behind = onlineFiles({ ...known, place: 'directly behind' })
    const found =
      behind ??
      (isFree(migrations, migration, change) ? onlineFiles({ ...known, place: 'behind the newest' }) : undefined)
    if (found === undefined) return undefined
    for (const one of found.migrations) numbers.set(one.id, numberOf(one))
    const { folder } = read.config
    return {
      files: found.files.map(({ path, text }) => ({ path: folder === '.' ? path : `${folder}/${path}`, text })),
      migrations: found.migrations,
      later: behind === undefined,
    }
  }
}

/** Whether all migrations behind this one are new in the change. */
function isFree(migrations: readonly Migration[], { id }: Migration, { added }: DatabaseChange): boolean {
  const all = versionedOf(migrations)
  const fresh = new Set(added.map((one) => one.id))
  return all.slice(all.findIndex((one) => one.id === id)).every((one) => fresh.has(one.id))
}
