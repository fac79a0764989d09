// Where the seeds of a database stand.
import { standingOf, type Standing } from '../core/standing.js'
import type { Opened } from './opened.js'

/** `found` is the history of the seeds: they are held against their own table alone. */
export async function seedStanding({
  target,
  found,
  read,
}: Pick<Opened, 'target' | 'found' | 'read'>): Promise<Standing> {
  const rows = found.exists ? await target.rows({ table: found.table, read: found.history.read(found.table) }) : []
  return standingOf({ migrations: read.seeds?.migrations ?? [], history: found.history, rows, journal: [] })
}
