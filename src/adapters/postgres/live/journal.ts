// Our own journal in a live database: whether it exists, and its rows.
import type { Rows } from '../../../state/history.js'
import type { JournalRow } from '../../../state/journal.js'
import type { RecordedDown } from '../../../ports/target.js'
import { isDatabaseError } from '../session.js'
import {
  ASK_JOURNAL,
  CREATE_JOURNAL,
  journalOf,
  READ_PRODUCTION,
  readDowns,
  readEntries,
  recordedDowns,
} from './journal-sql.js'
import { lastRows, type Link } from './connection.js'

/** The functions of a target for its journal. They reject as `send` does. */
type Journal = {
  readonly rows: (database: string) => Promise<readonly JournalRow[]>
  readonly downs: (database: string) => Promise<readonly RecordedDown[]>
  readonly wasProduction: () => Promise<boolean>
  readonly prepare: () => Promise<string | undefined>
}

export function journalOver({
  send,
  write,
}: Pick<Link, 'send'> & { readonly write: (sql: string) => Promise<void> }): Journal {
  const state = async (): Promise<Rows> => {
    try {
      return lastRows(await send(ASK_JOURNAL))
    } catch (error) {
      // No right to look into the schema means that it exists, and is not for us.
      if (isDatabaseError(error) && error.code === '42501') return [['t', 'f', 'f', 'f']]
      throw error
    }
  }
  /** No rows when there is no journal, or none for this role. */
  const ask = async (query: string): Promise<Rows> => {
    const [there] = await state()
    return there?.[0] === 't' && there[3] === 't' ? lastRows(await send(query)) : []
  }
  return {
    rows: async (database) => journalOf(await ask(readEntries(database))),
    downs: async (database) => recordedDowns(await ask(readDowns(database))),
    wasProduction: async () => (await ask(READ_PRODUCTION))[0]?.[0] === 't',
    prepare: async () => {
      const [row] = await state()
      const [exists, usable, makable] = row ?? []
      if (exists === 't') return usable === 't' ? undefined : 'this role may not read and write the journal'
      if (makable !== 't') return 'this role may not create the schema migration_gate'
      await write(CREATE_JOURNAL)
      return undefined
    },
  }
}
