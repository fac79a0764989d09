// Rolls back the last restore: finds the former database, lists what would be lost, and swaps.
import { UserError } from '../../../model/errors.js'
import type { Backed, Foreseen, Swapped } from '../../../ports/backup.js'
import type { Address } from '../live/connect.js'
import { lastRows, type Link } from '../live/connection.js'
import { quoted } from '../../../sql/quote.js'
import { addressOf, withMaintenanceSession } from './maintenance-session.js'
import { serverBoundObjects } from './omitted-objects.js'
import { nameBeside, namesBeside } from './names.js'
import { readContent, changesSince } from './changes-since.js'
import { allowing, exchange } from './swap.js'
import type { BackupTools } from './tools.js'

/** See Backups.foresee. */
export function foreseeUndo(about: Backed, tools: BackupTools): Promise<Foreseen> {
  const address = addressOf(about, tools)
  return withMaintenanceSession(about, address, async (maintenance) => {
    const coming = await lastBefore(maintenance, address)
    const major = await majorOf(maintenance)
    const now = await readContent({ about, address, major })
    // The database is closed to connections, and must be closed again afterwards.
    await maintenance.send(allowing(coming, 'true'))
    try {
      const then = await readContent({ about, address: { ...address, dsn: { ...address.dsn, dbname: coming } }, major })
      const stays = await serverBoundObjects(maintenance, address.dsn['dbname'] ?? '')
      return { coming, since: changesSince(now, then, about.history), bound: stays }
    } finally {
      await maintenance.send(allowing(coming, 'false'))
    }
  })
}

/** See Backups.undo. */
export function undoSwap(about: Backed & { readonly coming: string }, tools: BackupTools): Promise<Swapped> {
  const address = addressOf(about, tools)
  const live = address.dsn['dbname'] ?? ''
  return withMaintenanceSession(about, address, async (maintenance) => {
    const { coming } = about
    const kept = nameBeside(live, 'restored', tools.now())
    // It holds everything that was live before, so it is never something to drop.
    const stays = `${coming}, the database from before the last restore, stays as it is: run this again afterwards.`
    return exchange({ maintenance, address, live, coming, kept, stays, about, also: [] })
  })
}

const majorOf = async (maintenance: Link): Promise<number> =>
  Math.floor(Number(lastRows(await maintenance.send(`SELECT current_setting('server_version_num')`))[0]?.[0]) / 10_000)

/**
 * The database from before the last restore. Rejects with a UserError when there is none. Rejects too when that restore
 * was already rolled back, because the next database is from before another restore.
 */
async function lastBefore(maintenance: Link, { dsn }: Address): Promise<string> {
  const live = dsn['dbname'] ?? ''
  const before = await newest(maintenance, live, 'before')
  if (before === undefined) {
    const fix =
      'A restore leaves it under this name plus _before_ and the time, with the same owner; there is none now.'
    throw new UserError({ kind: 'use', what: `no database is kept from before a restore of ${live}`, fix })
  }
  const restored = await newest(maintenance, live, 'restored')
  if (restored === undefined || timeOf(restored) < timeOf(before)) return before
  throw new UserError({
    kind: 'use',
    what: `the last restore of ${live} was already rolled back: the restored database is kept as ${restored}`,
    fix: `To return to another state, restore a backup of it (--from). ${before} is from before an earlier restore. After you drop ${restored}, --undo goes back to ${before}, and first lists what would be lost.`,
  })
}

/** The last 17 characters of a name are its time. */
const timeOf = (name: string): string => name.slice(-17)

/**
 * The owner must be that of the live database, as after a swap. Any role that may create databases could make one with
 * such a name.
 */
async function newest(maintenance: Link, live: string, word: 'before' | 'restored'): Promise<string | undefined> {
  const [row] = lastRows(
    await maintenance.send(
      `SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE ${quoted(namesBeside(live, word))}
        AND datdba = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = ${quoted(live)})
        ORDER BY right(datname, 17) DESC LIMIT 1`,
    ),
  )
  return row?.[0] ?? undefined
}
