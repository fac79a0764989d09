// The down of a migration of an online way.

/**
 * Derived statements as such a migration should have them. Where no transaction is around it, one that builds or drops an index lets
 * clients go on.
 */
export function onlineDown(statements: readonly string[], transaction: 'wrapped' | 'none'): readonly string[] {
  const [only = ''] = statements
  return transaction === 'wrapped' || statements.length !== 1
    ? statements
    : [only.replace(/^(DROP INDEX|CREATE (?:UNIQUE )?INDEX) /, '$1 CONCURRENTLY ')]
}
