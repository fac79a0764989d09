// What a kind of object that is read as a whole consists of.

/**
 * `catalogues` are the OIDs whose change makes the kind worth reading again (fixed numbers, src/include/catalog);
 * `select` gives (id, unit, document) of every object of the kind; `some` is a cheap condition that says whether there is
 * one, for kinds that few databases have.
 */
export type RareKind = {
  readonly kind: string
  readonly catalogues: readonly number[]
  readonly select: string
  readonly some: string | undefined
}
