// Reads the whole catalogue of a live database once. The functions of the snapshot exist for one transaction only.
import type { Snapshot } from '../../../catalog/snapshot.js'
import { installFunctions } from '../catalog/install.js'
import type { Answers } from '../simple-query.js'
import { CatalogState } from './catalog-state.js'
import { parseRows, WHOLE_CATALOG, WITHOUT_TIME_LIMIT } from './change-query.js'

/**
 * `inTransaction`: the session has an open transaction, which stays open. Otherwise this opens one and rolls it back.
 * Rejects as `send` does.
 */
export async function readWholeCatalog(options: {
  major: number
  inTransaction: boolean
  send: (text: string) => Promise<Answers>
}): Promise<Snapshot> {
  const { major, inTransaction, send } = options
  const text = `${WITHOUT_TIME_LIMIT}${installFunctions({ major, server: 'left out' })};${WHOLE_CATALOG}`
  const answers = await send(inTransaction ? text : `BEGIN;${text};ROLLBACK`)
  const state = new CatalogState()
  state.replace(parseRows(answers.at(inTransaction ? -1 : -2)))
  return state.snapshot()
}
