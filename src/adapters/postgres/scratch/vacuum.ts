// What keeps the catalogue of a scratch database small.

/** One statement, which cannot run inside a transaction. */
export const VACUUM = `VACUUM ${'class attribute index constraint depend type attrdef proc trigger rewrite description'
  .split(' ')
  .map((name) => `pg_catalog.pg_${name}`)
  .join(', ')}`
