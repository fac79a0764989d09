// What is asked behind a script, in the same transaction: what did it change in the catalogue?
import type { Dispatch } from './dispatch.js'
import type { Look } from './outcome.js'
import type { CatalogueState, Few } from './state.js'

type Place = { readonly state: CatalogueState; readonly options: { readonly session: 'reset' | 'shared' } }

/** The whole catalogue. */
export const ALL = 'SELECT pg_temp.gate_all()'
/** A limit that a script set for its own statements is none for ours. */
export const PATIENT = 'SET LOCAL statement_timeout=0;'

/** Ends with a semicolon, or is empty where nothing is to be looked at. */
export function question(way: Dispatch, look: Look, place: Place): string {
  if (look === 'none') return ''
  const patient = way.setsSession || place.options.session === 'shared' ? PATIENT : ''
  return `${patient}${look === 'full' ? ALL : `SELECT ${changeCall(way, place)}`};`
}

const array = (oids: readonly string[]): string => `'{${oids.join(',')}}'`

/** `gate_step` where the script is narrow and nothing can come in from elsewhere, else `gate_change`. */
function changeCall(way: Dispatch, { state, options }: Place): string {
  const { narrow } = way
  const marks = `${state.typeMark}, ${state.routineMark}`
  const sorts: readonly Few[] = ['triggers', 'comments', 'others']
  const held = sorts.map((sort) => state.held(sort))
  const hang = sorts.map((sort, i) => held[i] === undefined || narrow?.[sort] === true)
  const hanging = [...hang, ...held.map((oids) => array(oids ?? [])), state.extensions].join(', ')
  if (narrow !== undefined && options.session === 'reset' && !state.eventTriggers)
    return `pg_temp.gate_step(${narrow.types}, ${narrow.routines}, ${marks}, ${hanging})`
  const domains = way.domains || way.wide ? state.domains : []
  return `pg_temp.gate_change(${way.wide}, ${marks}, ${array(domains)}, ${hanging})`
}
