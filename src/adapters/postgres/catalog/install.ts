// All functions of the snapshot, as SQL to run once in every session.
import { changeFunctions } from './change.js'
import { rareKinds } from './rare.js'
import { relationRenderers } from './relation.js'
import { routineRenderer, typeRenderer } from './types-and-routines.js'

/** What a snapshot does with what all databases of a server share. */
export type ServerObjects = 'held' | 'refused' | 'left out'

/** Composed texts by `major server`. */
const composed = new Map<string, string>()

/**
 * They are in pg_temp: they end with the session, are part of no snapshot, and need no right to call. `server`: whether
 * snapshots hold the objects of the whole server, refuse a transaction that changes some, or leave them out. The text
 * depends only on the two options, so each pair composes it once.
 */
export function installFunctions(options: { major: number; server: ServerObjects }): string {
  const key = `${options.major} ${options.server}`
  const known = composed.get(key)
  if (known !== undefined) return known
  const text = compose(options.major, options.server)
  composed.set(key, text)
  return text
}

function compose(major: number, server: ServerObjects): string {
  const rare = rareKinds(major, server === 'held')
  return [
    // PostgreSQL compiles them at their first call. Most of the rare ones never run.
    'SET check_function_bodies = off',
    ...relationRenderers(major),
    typeRenderer(),
    routineRenderer(),
    ...rare.flatMap(({ functions }) => functions ?? []),
    ...changeFunctions(major, rare, server === 'refused'),
    'RESET check_function_bodies',
  ].join(';\n')
}
