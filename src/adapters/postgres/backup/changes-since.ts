// How a database differs from the one that would replace it.
import { portable } from '../../../catalog/portable.js'
import type { Snapshot } from '../../../catalog/snapshot.js'
import type { KnownTables } from '../../../release/backup.js'
import type { Backed, Since, TableRows } from '../../../ports/backup.js'
import { connect, type Address } from '../live/connect.js'
import { changesBetween, namesBetween, readKnownTables } from './identities.js'
import { countRows, readSnapshot } from './live.js'

/** `known` is what the database knows its tables by. */
export type DatabaseContent = {
  readonly snapshot: Snapshot
  readonly rows: Readonly<Record<string, number>>
  readonly known: KnownTables | undefined
}

/** Opens its own connection. Rejects as `connect` does. */
export async function readContent(options: {
  about: Pick<Backed, 'signal'>
  address: Address
  major: number
}): Promise<DatabaseContent> {
  const link = await connect({ address: options.address, waitMs: 0, signal: options.about.signal })
  try {
    const known = await readKnownTables(link)
    return { snapshot: await readSnapshot(link, options.major), rows: await countRows(link), known }
  } finally {
    await link.close()
  }
}

/**
 * Both are on one server, so the rights of all roles count. With a `known` of the live database itself, from an earlier
 * moment, a table that has another name by now is the same table.
 */
export function changesSince(live: DatabaseContent, coming: DatabaseContent, history: Backed['history']): Since {
  const view = { history, roles: 'all' } as const
  const now = { snapshot: portable(live.snapshot, view), known: live.known }
  const then = { snapshot: portable(coming.snapshot, view), known: coming.known }
  const apart = rowsApart(underNames(coming.rows, namesBetween(then, now)), live.rows)
  const own = apart.find(({ table }) => isHistory(table, history))
  return { rows: apart.filter((one) => one !== own), history: own, schema: changesBetween(now, then) }
}

const underNames = (
  rows: Readonly<Record<string, number>>,
  names: ReadonlyMap<string, string>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(rows).map(([table, count]) => [names.get(table) ?? table, count]))

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
