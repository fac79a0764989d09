// How a database differs from the one that would replace it.
import { compareSnapshots } from '../../../catalog/compare-snapshots.js'
import { portable } from '../../../catalog/portable.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import type { Backed, Since, TableRows } from '../../../ports/backup.js'
import { connect, type Address } from '../live/connect.js'
import { countRows, readSnapshot } from './live.js'

export type DatabaseContent = { readonly snapshot: Snapshot; readonly rows: Readonly<Record<string, number>> }

/** Opens its own connection. Rejects as `connect` does. */
export async function readContent(options: {
  about: Pick<Backed, 'signal'>
  address: Address
  major: number
}): Promise<DatabaseContent> {
  const link = await connect({ address: options.address, waitMs: 0, signal: options.about.signal })
  try {
    return { snapshot: await readSnapshot(link, options.major), rows: await countRows(link) }
  } finally {
    await link.close()
  }
}

/** Both are on one server, so the rights of all roles count. */
export function changesSince(live: DatabaseContent, coming: DatabaseContent, history: Backed['history']): Since {
  const view = { history, roles: 'all' } as const
  const schema = compareSnapshots(portable(live.snapshot, view), portable(coming.snapshot, view))
  const apart = rowsApart(coming.rows, live.rows)
  const own = apart.find(({ table }) => isHistory(table, history))
  return { rows: apart.filter((one) => one !== own), history: own, schema }
}

/** `table` is written as SQL, with quotes where they are needed. */
const isHistory = (table: string, history: Backed['history']): boolean =>
  history !== undefined && table.replaceAll('"', '') === `${history.schema}.${history.name}`.replaceAll('"', '')

/** Tables whose number of rows differs. A missing table has none. */
export function rowsApart(
  backup: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): readonly TableRows[] {
  const tables = [...new Set([...Object.keys(backup), ...Object.keys(now)])].toSorted()
  return tables.flatMap((table) => {
    const then = backup[table] ?? 0
    const is = now[table] ?? 0
    return then === is || (backup[table] === undefined && Object.keys(backup).length === 0)
      ? []
      : [{ table, backup: then, now: is }]
  })
}
