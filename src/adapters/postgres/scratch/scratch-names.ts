// Names of scratch databases, with a mark of their run. So the next run can remove what a killed run left.
import { randomBytes } from 'node:crypto'
import { SCRATCH_PREFIX } from '../../../catalog/portable-roles.js'
import type { Cluster } from '../cluster.js'
import type { Answers } from '../simple-query.js'

/**
 * First half of the keys of the advisory locks that show which runs are alive (`pgms`). The mark is the second half.
 */
const RUNS = 0x7067_6d73

/** A connection to the maintenance database. Its end ends the claim. */
type MaintenanceSession = { readonly send: (text: string) => Promise<Answers> }

/**
 * Gives new names. On a server that others use, the connection holds a lock on the run's mark until it ends. Also drops
 * scratch databases of ended runs, if this role may and no session is connected.
 */
export async function claimNames(
  maintenance: MaintenanceSession,
  { kind }: Pick<Cluster, 'kind'>,
): Promise<() => string> {
  const mark = randomBytes(4)
  if (kind === 'given') {
    await maintenance.send(`SELECT pg_try_advisory_lock(${RUNS}, ${mark.readInt32BE()})`)
    for (const [name] of (await maintenance.send(LEFT_BEHIND)).at(-1)?.rows ?? []) {
      // Another run may have dropped it first.
      await maintenance.send(`DROP DATABASE IF EXISTS "${name ?? ''}"`).catch(() => undefined)
    }
  }
  return () => `${SCRATCH_PREFIX}${mark.toString('hex')}${randomBytes(4).toString('hex')}`
}

/** pg_locks lists the locks of all databases. For two int4 keys objsubid is 2 (PostgreSQL, "pg_locks"). */
const LEFT_BEHIND = `SELECT datname FROM pg_database
  WHERE datname ~ '^${SCRATCH_PREFIX}[0-9a-f]{16}$' AND pg_has_role(datdba, 'USAGE')
    AND datname NOT IN (SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL)
    AND NOT EXISTS (
      SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${RUNS} AND objsubid = 2
        AND objid::bigint = ('x' || substr(datname, ${SCRATCH_PREFIX.length + 1}, 8))::bit(32)::bigint)`
