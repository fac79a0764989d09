// The migration status of live targets, read from the tool's table and our journal. Reading changes nothing.
import { migrationStatus } from '../../state/status.js'
import { findHistoryAgain, locksOf } from './connect.js'
import { isBare } from './history.js'
import type { Run } from './run.js'
import { stoppedBy, type ConnectedTarget, type Staged, type TargetStatus, type TargetWithStatus } from './target.js'

/**
 * `begun`: what to do if a step began and did not end. Another run may hold the locks and work on it, so `wait` reads
 * again when they are free. `report` does not wait.
 */
export function readStatuses(
  { world }: Run,
  targets: readonly Staged<ConnectedTarget>[],
  begun: 'wait' | 'report',
): Promise<readonly Staged<TargetWithStatus>[]> {
  return Promise.all(
    targets.map(async (one) => {
      if (one.stopped !== undefined) return one
      const start = world.clock.elapsed()
      const took = (): number => one.milliseconds + world.clock.elapsed() - start
      try {
        const status = await (begun === 'wait' ? readSettledStatus(one) : readStatus(one))
        return { ...one, status, milliseconds: took() }
      } catch (error) {
        return { ...one, stopped: stoppedBy(error), milliseconds: took() }
      }
    }),
  )
}

async function readSettledStatus(connected: ConnectedTarget): Promise<TargetStatus> {
  const status = await readStatus(connected)
  if (status.dirty === undefined) return status
  await connected.target.lock(locksOf(connected))
  try {
    return await readStatus(await findHistoryAgain(connected))
  } finally {
    await connected.target.unlock()
  }
}

/**
 * History and journal are read one after the other. A step of another run may end between the two reads, so a status
 * that looks broken is read once more.
 */
export async function readStatus(connected: ConnectedTarget): Promise<TargetStatus> {
  const status = await readOnce(connected)
  const { lost, dirty } = status
  return lost.length === 0 && dirty === undefined ? status : readOnce(await findHistoryAgain(connected))
}

async function readOnce({ read, target, found }: ConnectedTarget): Promise<TargetStatus> {
  const { history, table } = found
  const { migrations } = read.schema
  const rows = found.exists ? await target.rows({ table, read: history.read(table) }) : []
  const journal = read.config.journal === 'off' ? [] : await target.readJournal(read.config.name)
  const status = migrationStatus({ migrations, history, rows, journal })
  // If the whole database was emptied, its empty history is right.
  const lost = status.lost.length === 0 || (await isBare(target, found)) ? [] : status.lost
  return { ...status, lost, rows, journal }
}
