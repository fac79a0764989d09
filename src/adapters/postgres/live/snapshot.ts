// The whole catalogue of a live database, read in a transaction that is rolled back.
import type { CatalogueRow } from '../scratch/catalogue-state.js'
import { rowsOf } from '../scratch/send-result.js'
import { ALL, PATIENT } from '../scratch/change-query.js'
import type { Link } from './connection.js'

/** `functions` are those of catalogue/install.ts; they live in the session's temporary schema and go with the rollback. */
export async function catalogueRows(link: Link, functions: string): Promise<readonly CatalogueRow[]> {
  const answers = await link.send(`BEGIN;${PATIENT}${functions};${ALL};ROLLBACK`)
  return rowsOf(answers.at(-2))
}
