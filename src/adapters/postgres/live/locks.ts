// Locks that keep two runs, or a run and the team's own tool, from working on one database at once.
import { cancelled, UserError } from '../../../model/errors.js'
import type { Lock } from '../../../state/history.js'
import { pause } from '../../../model/pause.js'
import { lastRows, type Link } from './connection.js'
import { SOON_MS, type Waits } from './patience.js'

/** Our own key, beside those of the tools: CRC-32 of `pg-migration-gate`, high half 0x70676d67 (`pgmg`). */
export const OWN_KEY = '8099562747858911171'

/**
 * Takes all advisory locks or none, by polling. A session that waits in pg_advisory_lock holds a snapshot. A CREATE
 * INDEX CONCURRENTLY of the holder would wait for it (golang-migrate/migrate issue 960). Rejects with a UserError that
 * names the holder after `patienceMs`. Locks of kind `table` are taken in each step's transaction, not here.
 */
async function takeLocks(options: {
  readonly link: Link
  readonly place: string
  readonly locks: readonly Lock[]
  readonly patienceMs: number
  readonly signal: AbortSignal
  readonly waits: Waits
}): Promise<readonly string[]> {
  const { link, locks, patienceMs, signal, waits } = options
  const keys = [...new Set([OWN_KEY, ...locks.flatMap((lock) => (lock.kind === 'advisory' ? [lock.key] : []))])]
  const start = performance.now()
  for (let attempt = 0; ; attempt++) {
    if (signal.aborted) throw cancelled()
    const busy = await tryAll(link, keys)
    if (busy === undefined) return keys
    const waited = performance.now() - start
    if (waited >= patienceMs) throw await held({ ...options, key: busy })
    if (waited >= SOON_MS) waits(`another migration run: ${await holderOf(link, busy)}`)
    await pause(retryAfter(attempt, patienceMs / 4), signal)
  }
}

/** Gives the key that another session holds. Then this one holds none. */
async function tryAll(link: Link, keys: readonly string[]): Promise<string | undefined> {
  const taken: string[] = []
  for (const key of keys) {
    const [row] = lastRows(await link.send(`SELECT pg_try_advisory_lock(${key})`))
    if (row?.[0] === 't') {
      taken.push(key)
      continue
    }
    await freeLocks(link, taken)
    return key
  }
  return undefined
}

/** `keys` are those that were taken. */
async function freeLocks(link: Link, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await link.send(`SELECT ${keys.map((key) => `pg_advisory_unlock(${key})`).join(', ')}`)
}

/** The single-bigint form in pg_locks: classid and objid are its halves, objsubid is 1 (PostgreSQL, "pg_locks"). */
const HOLDERS = (key: string): string => `SELECT ${PERSON}
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid = ((${key}::bigint >> 32) & 4294967295)::oid AND l.objid = (${key}::bigint & 4294967295)::oid`

/**
 * One session as text: its role, address, start and activity. Uses columns only, and no statement. Without
 * pg_read_all_stats, only pid and role of other roles' sessions are visible (PostgreSQL, "pg_stat_activity").
 */
export const PERSON = `CASE WHEN a.backend_start IS NULL THEN format('pid %s (role %s; more is not visible to this role: GRANT pg_read_all_stats shows it)', a.pid, a.usename)
    ELSE format('pid %s (%s%s%s), connected since %s UTC, %s', a.pid,
    coalesce(nullif(a.application_name, ''), 'no application name'), ', role ' || a.usename, ', from ' || host(a.client_addr),
    to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
    CASE a.state WHEN 'idle in transaction' THEN 'idle in a transaction since ' || to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS')
      ELSE coalesce(a.state, 'state not shown') END) END`

async function holderOf(link: Link, key: string): Promise<string> {
  const people = lastRows(await link.send(HOLDERS(key))).map(([person]) => person ?? '')
  return people.length === 0 ? 'a session that has just ended' : people.join('; ')
}

async function held(options: {
  readonly link: Link
  readonly place: string
  readonly key: string
  readonly patienceMs: number
}): Promise<UserError> {
  const { link, place, key, patienceMs } = options
  const who = await holderOf(link, key)
  return new UserError({
    kind: 'environment',
    what: `${place} is locked by another migration run: ${who}. Waited ${(patienceMs / 1000).toFixed(1)} s for it.`,
    fix: 'Wait for it to end, then run again. If that session is stuck: SELECT pg_terminate_backend(PID).',
  })
}

/** Half to the whole of `milliseconds`, so that two runs refused at the same time do not retry at the same time. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2)

/**
 * Milliseconds before the next attempt at a lock: longer each time, at most a second, and not longer than one attempt.
 */
export const retryAfter = (attempt: number, lockMs: number): number =>
  jittered(Math.min(1000, Math.max(50, lockMs), 50 * 2 ** Math.min(attempt, 5)))

/** How to wait for locks: see `takeLocks`. `link` gives the current session. */
type LockOptions = {
  readonly link: () => Link
  readonly place: string
  readonly patienceMs: number
  readonly signal: AbortSignal
  readonly waits: Waits
}

/** The locks that a target keeps from `take` to `free`, even when it loses its session. */
export class HeldLocks {
  readonly #waiting: LockOptions
  /** The locks to hold, and the keys that the current session holds. */
  #wanted: readonly Lock[] | undefined
  #keys: readonly string[] = []

  constructor(waiting: LockOptions) {
    this.#waiting = waiting
  }

  /** Rejects as `takeLocks` does. */
  async take(locks: readonly Lock[]): Promise<void> {
    const { link, ...waiting } = this.#waiting
    this.#keys = await takeLocks({ ...waiting, link: link(), locks })
    this.#wanted = locks
  }

  /** The locks to take again after a lost session; undefined when none is missing. */
  get missing(): readonly Lock[] | undefined {
    return this.#keys.length === 0 ? this.#wanted : undefined
  }

  /** Stops holding locks, and releases the current ones if a session can. */
  async free(): Promise<void> {
    const keys = this.#keys
    const link = this.#waiting.link()
    this.#keys = []
    this.#wanted = undefined
    if (!link.isLost()) await freeLocks(link, keys)
  }

  /** The current session holds none: it is new, or a script released them. */
  lose(): void {
    this.#keys = []
  }
}
