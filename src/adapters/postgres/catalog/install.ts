// All functions of the snapshot, as SQL to run once in every session.
import { changeFunctions } from './change.js'
import { rareKinds } from './rare.js'
import { relationRenderers } from './relation.js'
import { routineRenderer, typeRenderer } from './types-and-routines.js'

/** Composed texts by `major shared`. */
const composed = new Map<string, string>()

/**
 * They are in pg_temp: they end with the session, are part of no snapshot, and need no right to call. `shared`: snapshots
 * hold the objects of the whole server. The text depends only on the two options, so each pair composes it once.
 */
export function installFunctions(options: { major: number; shared: boolean }): string {
  const key = `${options.major} ${options.shared}`
  const known = composed.get(key)
  if (known !== undefined) return known
  const text = compose(options.major, options.shared)
  composed.set(key, text)
  return text
}

function compose(major: number, shared: boolean): string {
  const rare = rareKinds(major, shared)
  return [
    // PostgreSQL compiles them at their first call. Most of the rare ones never run.
    'SET check_function_bodies = off',
    ...relationRenderers(major),
    typeRenderer(),
    routineRenderer(),
    ...rare.flatMap(({ functions }) => functions ?? []),
    ...changeFunctions(major, rare),
    'RESET check_function_bodies',
  ].join(';\n')
}
