// From the statements of a migration to the migrations of its online way.
import type { AuthorStatement, OnlineMigration } from './online-migration.js'

/**
 * The migrations that lead to the same catalogue while clients go on; undefined where no way is known. A guess until it is
 * proved: equal, online and reversible.
 */
export function onlineWay(_statements: readonly AuthorStatement[]): readonly OnlineMigration[] | undefined {
  return undefined
}
