// All functions of the snapshot, as SQL to be run once in every session.
import { changeFunctions } from './change.js'
import { rareKinds } from './rare.js'
import { relationRenderers } from './relation.js'
import { routineRenderer, typeRenderer } from './types-and-routines.js'

/** Composed texts by `major roles`. */
const composed = new Map<string, string>()

/**
 * They live in pg_temp: they go with the session, are part of no snapshot, and calling them needs no right. The text
 * depends on the two options alone, so it is composed once for each pair.
 */
export function installFunctions(options: { major: number; roles: boolean }): string {
  const key = `${options.major} ${options.roles}`
  const known = composed.get(key)
  if (known !== undefined) return known
  const text = compose(options.major, options.roles)
  composed.set(key, text)
  return text
}

const compose = (major: number, roles: boolean): string =>
  [
    // They are compiled when first called; most of the rare ones never are.
    'SET check_function_bodies = off',
    ...relationRenderers(major),
    typeRenderer(),
    routineRenderer(),
    ...changeFunctions(major, rareKinds(major, roles)),
    'RESET check_function_bodies',
  ].join(';\n')
