// One database put in the place of another by renaming, so that both are kept.
import { UserError } from '../../core/errors.js'
import { pause } from '../../core/pause.js'
import { identifier } from '../../core/sql-quote.js'
import type { Backed, Swapped } from '../../ports/backup.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from '../target/link.js'
import type { Address } from '../target/connect.js'
import { quoted } from '../target/quote.js'
import { addressOf, withKeeper } from './keeper.js'
import { nameBeside } from './names.js'
import type { Tools } from './tools.js'

/** An application that connects again and again is ended again; after so many rounds the swap is given up. */
const ROUNDS = 20

/** See Backups.swap. */
export function swapIn(about: Backed & { readonly restored: string }, tools: Tools): Promise<Swapped> {
  const address = addressOf(about, tools)
  const live = address.dsn['dbname'] ?? ''
  return withKeeper(about, address, (keeper) =>
    exchange({ keeper, address, live, coming: about.restored, kept: nameBeside(live, 'before', tools.now()), about }),
  )
}

export type Exchange = {
  readonly keeper: Link
  readonly address: Address
  readonly live: string
  readonly coming: string
  readonly kept: string
  readonly about: Backed
}

/** Whatever goes wrong, the live name belongs to what it belonged to and takes connections, or it is said how it does again. */
export async function exchange({ keeper, live, coming, kept, about, address }: Exchange): Promise<Swapped> {
  const started = performance.now()
  let ended = 0
  await keeper.send(allowing(live, 'false'))
  try {
    ended = await rename(keeper, live, kept, about)
  } catch (error) {
    throw await undone({ keeper, about, address }, [allowing(live, 'true')], explained(error, { live, coming }))
  }
  try {
    await rename(keeper, coming, live, about)
    await keeper.send(allowing(live, 'true'))
  } catch (error) {
    const back = [`ALTER DATABASE ${identifier(kept)} RENAME TO ${identifier(live)}`, allowing(live, 'true')]
    throw await undone({ keeper, about, address }, back, explained(error, { live, coming }))
  }
  return { live, kept, ended, milliseconds: performance.now() - started, notes: [] }
}

export const allowing = (name: string, word: 'true' | 'false'): string =>
  `ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS ${word}`

/** Sessions of other roles are ended only by who is in pg_signal_backend, those of superusers only by a superuser. */
function explained(error: unknown, { live, coming }: { readonly live: string; readonly coming: string }): unknown {
  if (!isDatabaseError(error) || error.code !== '42501' || !/terminat/i.test(error.message)) return error
  return new UserError({
    kind: 'environment',
    what: `sessions of other roles are connected to ${live}, and this role may not end them (${error.message})`,
    fix: `GRANT pg_signal_backend to it, or stop the application first (sessions of a superuser too). The restored copy ${coming} stays: restore again, or DROP DATABASE ${identifier(coming)}.`,
    cause: error,
  })
}

/** Takes back what was done so far, over a new connection where the first one is gone; gives what is to be thrown. */
async function undone(
  { keeper, about, address }: Pick<Exchange, 'keeper' | 'about' | 'address'>,
  statements: readonly string[],
  error: unknown,
): Promise<unknown> {
  const send = async (link: Link): Promise<void> => {
    for (const statement of statements) await link.send(statement)
  }
  try {
    // A run that was cancelled still opens the door again.
    const patient = { ...about, signal: new AbortController().signal }
    await (keeper.isLost() ? withKeeper(patient, address, send) : send(keeper))
    return error
  } catch {
    return new UserError({
      kind: 'environment',
      what: 'the databases could not be put back under their names: the connection to the server broke',
      fix: `Run this as a role that may: ${statements.map((statement) => `${statement};`).join(' ')}`,
      cause: error,
    })
  }
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
