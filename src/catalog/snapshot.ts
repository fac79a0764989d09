// The catalogue of a database as plain rows, free of OIDs.

/**
 * One object in the catalogue: a table, or one of its columns. `definition` holds only what a user could have written,
 * under keys that read well in a difference.
 */
export type CatalogueObject = {
  readonly kind: string
  readonly identity: string
  readonly definition: Readonly<Record<string, unknown>>
}

/**
 * Document by unit. A unit is rendered as a whole (`relation public.users`, `type public.mood`, `routine
 * public.f(integer)`). A document is the JSON text of its `CatalogueObject`s as `[kind, identity, definition][]`. Two
 * documents are equal if and only if the units are equal.
 */
export type Snapshot = ReadonlyMap<string, string>

/** Documents that a step may have changed; `undefined` means that the unit is gone. */
export type SnapshotChange = ReadonlyMap<string, string | undefined>

/**
 * The objects of a document. Columns come in their order and get their position as `pos`, from 1. The digest of a password
 * is left out: the same password has another one each time it is set (see passwords.ts).
 */
export function objectsOf(document: string | undefined): readonly CatalogueObject[] {
  if (document === undefined) return []
  const rows = JSON.parse(document) as readonly [string, string, Record<string, unknown>][]
  let pos = 0
  return rows.map(([kind, identity, definition]) => ({
    kind,
    identity,
    definition:
      kind === 'column' ? { pos: ++pos, ...definition } : kind === 'role' ? withoutDigest(definition) : definition,
  }))
}

const withoutDigest = ({ password: _digest, ...definition }: Record<string, unknown>): Record<string, unknown> =>
  definition

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
