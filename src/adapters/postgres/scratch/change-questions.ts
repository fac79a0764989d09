// The calls that ask the server what a script has changed, and what prints the names of something.
import type { Dispatch } from './send-plan.js'
import type { CatalogueRow, CatalogueState, Few } from './catalogue-state.js'

const array = (oids: readonly string[]): string => `'{${oids.join(',')}}'`

const SORTS: readonly Few[] = ['triggers', 'comments', 'others']

/** What few relations have: which sorts a script may have made, and where there were some before. */
function hanging(state: CatalogueState, made: Partial<Readonly<Record<Few, boolean>>>): string {
  const held = SORTS.map((sort) => state.held(sort))
  const hang = SORTS.map((sort, i) => held[i] === undefined || made[sort] === true)
  return [...hang, ...held.map((oids) => array(oids ?? [])), state.extensions].join(', ')
}

/** `gate_step` where the script is narrow and nothing can come in from elsewhere, else `gate_change`. */
export function changeCall(way: Dispatch, state: CatalogueState, session: 'reset' | 'shared'): string {
  const narrow = way.narrow()
  const marks = `${state.typeMark}, ${state.routineMark}`
  if (narrow !== undefined && session === 'reset' && !state.eventTriggers)
    return `pg_temp.gate_step(${narrow.types}, ${narrow.routines}, ${marks}, ${hanging(state, narrow)})`
  const domains = way.domains || way.wide ? state.domains : []
  return `pg_temp.gate_change(${way.wide}, ${marks}, ${array(domains)}, ${hanging(state, narrow ?? {})})`
}

/** `gate_dependents` of rows that were just told. */
export function dependentsCall(rows: readonly CatalogueRow[], state: CatalogueState): string {
  const ids = (name: string): string => array(rows.flatMap((row) => (row.class === name ? [row.id] : [])))
  return `pg_temp.gate_dependents(${ids('r')}, ${ids('t')}, ${ids('p')}, ${hanging(state, {})})`
}

/** `gate_objects` of these OIDs. */
export const objectsCall = (types: readonly string[], routines: readonly string[]): string =>
  `pg_temp.gate_objects(${array(types)}, ${array(routines)})`
