// What stands behind a script in the same transaction, so that its answer says what the script changed.
import type { Dispatch } from './send-plan.js'
import type { Look } from './send-result.js'
import { changeCall } from './change-questions.js'
import type { CatalogueState } from './catalogue-state.js'

/** The whole catalogue. */
export const ALL = 'SELECT pg_temp.gate_all()'
/** A limit that a script set for its own statements is none for ours. */
export const PATIENT = 'SET LOCAL statement_timeout=0;'

/** Ends with a semicolon, or is empty where nothing is to be looked at. */
export function lookBehind(
  way: Dispatch,
  look: Look,
  place: { readonly state: CatalogueState; readonly options: { readonly session: 'reset' | 'shared' } },
): string {
  if (look === 'none') return ''
  const { session } = place.options
  const patient = way.setsSession || session === 'shared' ? PATIENT : ''
  return `${patient}${look === 'full' ? ALL : `SELECT ${changeCall(way, place.state, session)}`};`
}
