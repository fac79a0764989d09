// All functions of the snapshot, as SQL to run once in every session.
import { changeFunctions } from './change.js'
import { rareKinds } from './rare.js'
import { relationRenderers } from './relation.js'
import { routineRenderer, typeRenderer } from './types-and-routines.js'

/** Composed texts by `major roles`. */
const composed = new Map<string, string>()

/**
 * They are in pg_temp: they end with the session, are part of no snapshot, and need no right to call. The text depends
 * only on the two options, so each pair composes it once.
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
    // PostgreSQL compiles them at their first call. Most of the rare ones never run.
    'SET check_function_bodies = off',
    ...relationRenderers(major),
    typeRenderer(),
    routineRenderer(),
    ...changeFunctions(major, rareKinds(major, roles)),
    'RESET check_function_bodies',
  ].join(';\n')
