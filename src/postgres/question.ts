// What is asked behind a script, in the same transaction: what did it change in the catalogue?
import type { Dispatch } from './dispatch.js'
import type { Look } from './outcome.js'
import type { CatalogueState } from './state.js'

/** The whole catalogue. */
export const ALL = 'SELECT * FROM pg_temp.gate_all()'
/** A limit that a script set for its own statements is none for ours. */
export const PATIENT = 'SET LOCAL statement_timeout=0;'

/** Ends with a semicolon, or is empty where nothing is to be looked at. */
export function question(
  way: Dispatch,
  look: Look,
  place: { readonly state: CatalogueState; readonly options: { readonly session: 'reset' | 'shared' } },
): string {
  if (look === 'none') return ''
  const patient = way.setsSession || place.options.session === 'shared' ? PATIENT : ''
  if (look === 'full') return `${patient}${ALL};`
  const { typeMark, routineMark } = place.state
  const domains = way.domains || way.wide ? place.state.domains : []
  return `${patient}SELECT * FROM pg_temp.gate_change(${way.wide}, ${typeMark}, ${routineMark}, '{${domains.join(',')}}');`
}
