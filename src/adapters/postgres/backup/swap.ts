// Puts one database in the place of another by renaming, so that both are kept.
import { UserError } from '../../../model/errors.js'
import { firstFew } from '../../../model/list-words.js'
import { pause } from '../../../model/pause.js'
import { identifier } from '../../../sql/quote.js'
import type { Backed, Swapped } from '../../../ports/backup.js'
import { isDatabaseError } from '../session.js'
import { LostConnection, lastRows, type Link } from '../live/connection.js'
import type { Address } from '../live/connect.js'
import { quoted } from '../../../sql/quote.js'
import { addressOf, withMaintenanceSession } from './maintenance-session.js'
import { copySettings } from './clone.js'
import { nameBeside } from './names.js'
import type { BackupTools } from './tools.js'

/** Ends an application that reconnects again and again this many times, then gives up the swap. */
const ROUNDS = 20

/** See Backups.swap. */
export function swapIn(about: Backed & { readonly restored: string }, tools: BackupTools): Promise<Swapped> {
  const address = addressOf(about, tools)
  const live = address.dsn['dbname'] ?? ''
  const { restored: coming } = about
  const stays = `The restored copy ${coming} stays: restore again, or DROP DATABASE ${identifier(coming)};`
  return withMaintenanceSession(about, address, async (maintenance) => {
    await copySettings(maintenance, live, coming)
    const kept = nameBeside(live, 'before', tools.now())
    const [row] = lastRows(
      await maintenance.send(
        `SELECT pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database WHERE datname = ${quoted(live)}`,
      ),
    )
    // Instead of the mark of a copy. A swap that fails leaves the mark, so that the next start finds the copy.
    const comment = `COMMENT ON DATABASE ${identifier(live)} IS ${quoted(row?.[0] ?? undefined)}`
    return exchange({ maintenance, address, live, coming, kept, stays, about, also: [comment] })
  })
}

export type Exchange = {
  readonly maintenance: Link
  readonly address: Address
  readonly live: string
  readonly coming: string
  readonly kept: string
  /** A sentence for a swap that did not happen: what is left, and what to do about it. */
  readonly stays: string
  readonly about: Backed
  /** Statements for the same transaction, after both names have changed. */
  readonly also: readonly string[]
}

/**
 * Both names change in one transaction. So a database of the live name exists at every moment, even if this process is
 * killed. After any failure the live database accepts connections again, or the error says how to make it.
 */
export async function exchange(swap: Exchange): Promise<Swapped> {
  const { maintenance, live, kept } = swap
  const started = performance.now()
  let ended = 0
  await refusePrepared(swap)
  await maintenance.send(allowing(live, 'false'))
  try {
    ended = await rename(swap)
  } catch (error) {
    if (await reopened(swap, error)) throw explained(error, swap)
  }
  return { live, kept, ended, milliseconds: performance.now() - started, notes: [] }
}

/**
 * Ending sessions does not end prepared transactions, and a database with one keeps its name (PostgreSQL,
 * CountOtherDBBackends).
 */
async function refusePrepared({ maintenance, live, coming, stays }: Exchange): Promise<void> {
  const found = lastRows(
    await maintenance.send(
      `SELECT format('%L in %I (of %I)', gid, database, owner) FROM pg_catalog.pg_prepared_xacts WHERE database IN (${quoted(live)}, ${quoted(coming)}) ORDER BY prepared`,
    ),
  ).map(([words]) => words ?? '')
  if (found.length === 0) return
  throw new UserError({
    kind: 'environment',
    what: `a database keeps its name while it has a prepared transaction: ${firstFew(found)}`,
    fix: `Connect to that database, end it with COMMIT PREPARED or ROLLBACK PREPARED, then run again. ${stays}`,
  })
}

export const allowing = (name: string, word: 'true' | 'false'): string =>
  `ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS ${word}`

/** Ending sessions of other roles needs pg_signal_backend. Ending those of a superuser needs a superuser. */
function explained(error: unknown, { live, stays }: Exchange): unknown {
  if (!isDatabaseError(error) || error.code !== '42501' || !/terminat/i.test(error.message)) return error
  return new UserError({
    kind: 'environment',
    what: `sessions of other roles are connected to ${live}, and this role may not end them (${error.message})`,
    fix: `GRANT pg_signal_backend to it, or stop the application first (sessions of a superuser too). ${stays}`,
    cause: error,
  })
}

/**
 * Opens the live database, over a new connection if the first one is gone. False when the swap is done after all,
 * because only its answer was lost. Rejects with a UserError when no server answers.
 */
async function reopened({ maintenance, about, address, live, kept }: Exchange, error: unknown): Promise<boolean> {
  const lost = error instanceof LostConnection || maintenance.isLost()
  const open = async (link: Link): Promise<boolean> => {
    const done = `SELECT 1 FROM pg_catalog.pg_database WHERE datname = ${quoted(kept)}`
    if (lost && lastRows(await link.send(done)).length > 0) return false
    await link.send(allowing(live, 'true'))
    return true
  }
  try {
    // A cancelled run still opens the database again.
    const patient = { ...about, signal: new AbortController().signal }
    return await (lost ? withMaintenanceSession(patient, address, open) : open(maintenance))
  } catch {
    throw new UserError({
      kind: 'environment',
      what: `${live} is closed: the connection to the server broke before it could be opened again`,
      fix: `Run this as a role that may: ${allowing(live, 'true')}; If there is a database ${kept}, the swap is done.`,
      cause: error,
    })
  }
}

/** Ends the sessions that prevent the swap. Gives their number. */
async function rename({ maintenance, live, coming, kept, about, also }: Exchange): Promise<number> {
  let ended = 0
  for (let round = 0; ; round++) {
    const rows = await maintenance.send(
      `SELECT datname, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (${quoted(live)}, ${quoted(coming)}) AND pid <> pg_backend_pid()`,
    )
    ended += lastRows(rows).filter(([name]) => name === live).length
    try {
      // One message is one transaction (PostgreSQL, "Multiple Statements in a Simple Query").
      await maintenance.send(
        [
          `ALTER DATABASE ${identifier(live)} RENAME TO ${identifier(kept)}`,
          `ALTER DATABASE ${identifier(coming)} RENAME TO ${identifier(live)}`,
          allowing(live, 'true'),
          ...also,
        ].join('; '),
      )
      return ended
    } catch (error) {
      // 55006: a session is still ending, or connected before the database was closed.
      if (!isDatabaseError(error) || error.code !== '55006' || round >= ROUNDS) throw error
      await pause(50, about.signal)
    }
  }
}
