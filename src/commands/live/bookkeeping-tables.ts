// What has to be there before the first step: locks, the tool's table, our journal.
import type { Lock } from '../../state/history.js'
import { findHistory } from './history.js'
import type { Opened } from './connect.js'

/** The tool's own locks for the table that counts here. */
export const locksOf = ({ target, found }: Opened): readonly Lock[] =>
  found.history.locks({ schema: found.schema, table: found.name, database: target.database })

/** `ready` is the same target with its history made; `notes` say once why there is no journal. */
export type Tables = { readonly ready: Opened; readonly journal: 'on' | 'off'; readonly notes: readonly string[] }

/** Call under the locks. Rejects with a UserError when the tool's table cannot be made. */
export async function makeTables(opened: Opened): Promise<Tables> {
  const ready = await ensureHistory(opened)
  if (opened.read.config.journal === 'off') return { ready, journal: 'off', notes: [] }
  const missing = await opened.target.prepareJournal()
  if (missing === undefined) return { ready, journal: 'on', notes: [] }
  return { ready, journal: 'off', notes: [`no journal is kept: ${missing}`] }
}

/** A tool that made its table in the meantime is as welcome as ours. */
async function ensureHistory(opened: Opened): Promise<Opened> {
  const { target, found, read } = opened
  if (found.exists) return opened
  try {
    await target.write(found.history.create(found.table))
  } catch (error) {
    const now = await findHistory({ target, read, stream: 'schema' })
    if (!now.exists || now.table !== found.table) throw error
  }
  return { ...opened, found: { ...found, exists: true } }
}
