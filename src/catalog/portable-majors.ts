// What two majors of PostgreSQL write alike of one and the same schema. Pure.
import type { Snapshot } from './snapshot.js'

type Row = readonly [string, string, Readonly<Record<string, unknown>>]

/** What is kept of a definition: no expression, which each major writes in its own way. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  column: ['type', 'notnull', 'identity', 'generated'],
  comment: ['text'],
  extension: ['schema'],
}

/**
 * Only which objects there are, and of columns their types. PostgreSQL 18 also keeps every NOT NULL as a constraint (release
 * notes of 18, "E.1.3.4.2. Constraints"), so those are left out.
 */
export const comparableAcrossMajors = (snapshot: Snapshot): Snapshot =>
  new Map(
    [...snapshot].map(([unit, document]) => {
      const rows = (JSON.parse(document) as readonly Row[]).filter(([, , { def }]) => !isNotNull(def))
      return [
        unit,
        JSON.stringify(rows.map(([kind, identity, definition]) => [kind, identity, kept(kind, definition)])),
      ]
    }),
  )

const isNotNull = (def: unknown): boolean => typeof def === 'string' && def.startsWith('NOT NULL')

const kept = (kind: string, definition: Row[2]): Row[2] =>
  Object.fromEntries(Object.entries(definition).filter(([key]) => KEPT[kind]?.includes(key) === true))

/** What `coarse` leaves out, as a sentence. */
export const majorsDifferNote = (live: number, scratch: number): string =>
  `PostgreSQL ${live} and ${scratch}, which the scratch server is, write definitions otherwise: only which objects there are and the types of columns were compared; --postgres ${live} compares all, where there is one on this machine`
