// The call that asks the server what a script has changed.
import type { Dispatch } from './dispatch.js'
import type { CatalogueState, Few } from './state.js'

const array = (oids: readonly string[]): string => `'{${oids.join(',')}}'`

/** `gate_step` where the script is narrow and nothing can come in from elsewhere, else `gate_change`. */
export function changeCall(way: Dispatch, state: CatalogueState, session: 'reset' | 'shared'): string {
  const { narrow } = way
  const marks = `${state.typeMark}, ${state.routineMark}`
  const sorts: readonly Few[] = ['triggers', 'comments', 'others']
  const held = sorts.map((sort) => state.held(sort))
  const hang = sorts.map((sort, i) => held[i] === undefined || narrow?.[sort] === true)
  const hanging = [...hang, ...held.map((oids) => array(oids ?? [])), state.extensions].join(', ')
  if (narrow !== undefined && session === 'reset' && !state.eventTriggers)
    return `pg_temp.gate_step(${narrow.types}, ${narrow.routines}, ${marks}, ${hanging})`
  const domains = way.domains || way.wide ? state.domains : []
  return `pg_temp.gate_change(${way.wide}, ${marks}, ${array(domains)}, ${hanging})`
}
