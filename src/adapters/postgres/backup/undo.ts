// The last restore taken back: which database that brings in again, what would be lost with it, and the swap.
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
    // It is closed to connections, and has to be again.
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
    // All that was live before is in it: never something to drop.
    const stays = `${coming}, the database from before the last restore, stays as it is: run this again afterwards.`
    return exchange({ maintenance, address, live, coming, kept, stays, about })
  })
}

const majorOf = async (maintenance: Link): Promise<number> =>
  Math.floor(Number(lastRows(await maintenance.send(`SELECT current_setting('server_version_num')`))[0]?.[0]) / 10_000)

/**
 * The database from before the last restore. Rejects with a UserError where there is none, and where that restore was taken
 * back already: the next one in line is from before another restore.
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
    what: `the last restore of ${live} was taken back already: what it had put in is kept as ${restored}`,
    fix: `To put in another state, restore a backup of it (--from). ${before} is from before an earlier restore: once ${restored} is dropped, --undo goes back to that, and says first what would be lost.`,
  })
}

/** The last 17 characters of a name are its time. */
const timeOf = (name: string): string => name.slice(-17)

/** Of the same owner as the live one, as a swap leaves it: any role that may make databases could make one of such a name. */
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
