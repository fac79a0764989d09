// One database put in the place of another by renaming, so that both are kept.
import { UserError } from '../../core/errors.js'
import type { Backed, Swapped } from '../../ports/backup.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from '../target/link.js'
import { pause } from '../target/pause.js'
import { quoted } from '../target/quote.js'
import { addressOf, withKeeper } from './keeper.js'
import { identifier, nameBeside, namesBeside } from './names.js'
import type { Tools } from './tools.js'

/** An application that connects again and again is ended again; after so many rounds the swap is given up. */
const ROUNDS = 20

/** See Backups.swap. */
export function swapIn(about: Backed & { readonly restored: string }, tools: Tools): Promise<Swapped> {
  const address = addressOf(about, tools)
  const live = address.dsn['dbname'] ?? ''
  return withKeeper(about, address, (keeper) =>
    exchange({ keeper, live, coming: about.restored, kept: nameBeside(live, 'before', tools.now()), about }),
  )
}

/** See Backups.undo. */
export function undoSwap(about: Backed, tools: Tools): Promise<Swapped> {
  const address = addressOf(about, tools)
  const live = address.dsn['dbname'] ?? ''
  return withKeeper(about, address, async (keeper) => {
    const pattern = quoted(namesBeside(live, 'before'))
    const [row] = lastRows(
      await keeper.send(
        `SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE ${pattern} ORDER BY datname DESC LIMIT 1`,
      ),
    )
    const coming = row?.[0]
    if (coming === undefined || coming === null) {
      const fix = 'A restore leaves it under this name plus _before_ and the time; there is none now.'
      throw new UserError({ kind: 'use', what: `no database is kept from before a restore of ${live}`, fix })
    }
    return exchange({ keeper, live, coming, kept: nameBeside(live, 'restored', tools.now()), about })
  })
}

type Exchange = {
  readonly keeper: Link
  readonly live: string
  readonly coming: string
  readonly kept: string
  readonly about: Backed
}

/** Whatever goes wrong, the live name belongs to what it belonged to, and takes connections. */
async function exchange({ keeper, live, coming, kept, about }: Exchange): Promise<Swapped> {
  const started = performance.now()
  const allow = (name: string, word: 'true' | 'false'): Promise<unknown> =>
    keeper.send(`ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS ${word}`)
  let ended = 0
  await allow(live, 'false')
  try {
    ended = await rename(keeper, live, kept, about)
  } catch (error) {
    await allow(live, 'true')
    throw error
  }
  try {
    await rename(keeper, coming, live, about)
    await allow(live, 'true')
  } catch (error) {
    await keeper.send(`ALTER DATABASE ${identifier(kept)} RENAME TO ${identifier(live)}`)
    await allow(live, 'true')
    throw error
  }
  return { live, kept, ended, milliseconds: performance.now() - started, notes: [] }
}

/** Ends the sessions that are in the way; gives their number. */
async function rename(keeper: Link, from: string, to: string, { signal }: Backed): Promise<number> {
  let ended = 0
  for (let round = 0; ; round++) {
    const rows = await keeper.send(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${quoted(from)} AND pid <> pg_backend_pid()`,
    )
    ended += lastRows(rows).length
    try {
      await keeper.send(`ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)}`)
      return ended
    } catch (error) {
      // 55006: a session has not gone yet, or came in before the door was shut.
      if (!isDatabaseError(error) || error.code !== '55006' || round >= ROUNDS) throw error
      await pause(50, signal)
    }
  }
}
