// Creates the tables that the first step needs: the tool's history and our journal.
import { findHistory, type FoundHistory } from './history.js'
import type { ConnectedTarget } from './target.js'

/**
 * The target after its history was created, and whether a journal is kept. `notes`: why there is none. Call it under
 * the locks. Rejects with a UserError if the tool's table cannot be created.
 */
export async function makeTables(connected: ConnectedTarget): Promise<{
  readonly connected: ConnectedTarget
  readonly journal: 'on' | 'off'
  readonly notes: readonly string[]
}> {
  const ready = { ...connected, found: await makeHistory(connected, 'schema') }
  if (connected.read.config.journal === 'off') return { connected: ready, journal: 'off', notes: [] }
  const missing = await connected.target.prepareJournal()
  if (missing === undefined) return { connected: ready, journal: 'on', notes: [] }
  return { connected: ready, journal: 'off', notes: [`no journal is kept: ${missing}`] }
}

/** `found` is the history of that stream. The tool may create its table at the same time. */
export async function makeHistory(
  { target, read, found }: Pick<ConnectedTarget, 'target' | 'read' | 'found'>,
  stream: 'schema' | 'seed',
): Promise<FoundHistory> {
  if (found.exists) return found
  try {
    await target.write(found.history.create(found.table))
  } catch (error) {
    const now = await findHistory({ target, read, stream })
    if (!now.exists || now.table !== found.table) throw error
  }
  return { ...found, exists: true }
}
