// Which catalogue tables a long proof fills with dead rows.

/** One statement; cannot run inside a transaction. */
export const VACUUM = `VACUUM ${'class attribute index constraint depend type attrdef proc trigger rewrite description'
  .split(' ')
  .map((name) => `pg_catalog.pg_${name}`)
  .join(', ')}`
