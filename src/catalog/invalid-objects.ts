// What PostgreSQL does not rely on: indexes that are invalid, constraints that are not validated. Pure.
import { objectsOf, type Snapshot } from './snapshot.js'

/** In words, `index public.a_b is invalid`. */
export type InvalidObject = { readonly kind: 'index' | 'constraint'; readonly what: string }

/** Invalid indexes and constraints that are not validated, in the order of the snapshot. */
export function invalidObjectsIn(snapshot: Snapshot): readonly InvalidObject[] {
  return [...snapshot.values()]
    .flatMap(objectsOf)
    .flatMap(({ kind, identity, definition }): readonly InvalidObject[] => {
      if (kind === 'index' && definition['invalid'] === true) return [{ kind, what: `index ${identity} is invalid` }]
      if (kind === 'constraint' && definition['notvalid'] === true)
        return [{ kind, what: `constraint ${identity} is not validated` }]
      return []
    })
}
