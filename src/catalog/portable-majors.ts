// The part of a schema that two majors of PostgreSQL write alike. Pure.
import type { Snapshot } from './snapshot.js'

type Row = readonly [string, string, Readonly<Record<string, unknown>>]

/** The kept keys of a definition: no expressions, which each major writes in its own way. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  column: ['type', 'notnull', 'identity', 'generated'],
  comment: ['text'],
  extension: ['schema'],
}

/**
 * Only the existing objects, and the types of columns. PostgreSQL 18 also stores every NOT NULL as a constraint (release
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

/** A sentence on what the comparison across majors leaves out. */
export const majorsDifferNote = (live: number, scratch: number): string =>
  `PostgreSQL ${live} and ${scratch} (the scratch server) write definitions differently: only the existing objects and the types of columns were compared; --postgres ${live} compares everything, if this machine has that version`
