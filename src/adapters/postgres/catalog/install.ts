// All functions of the snapshot, as SQL to be run once in every session.
import { changeFunctions } from './change.js'
import { rareKinds } from './rare.js'
import { relationRenderers } from './relation.js'
import { routineRenderer } from './routine.js'
import { typeRenderer } from './type.js'

/** They live in pg_temp: gone with the session, in nobody's snapshot, and calling them needs no right. */
export function installFunctions(options: { readonly major: number; readonly roles: boolean }): string {
  return [
    // They are compiled when first called; most of the rare ones never are.
    'SET check_function_bodies = off',
    ...relationRenderers(options.major),
    typeRenderer(),
    routineRenderer(),
    ...changeFunctions(options.major, rareKinds(options.major, options.roles)),
    'RESET check_function_bodies',
  ].join(';\n')
}
