// The migration that the samples of many rules begin with.

/**
 * The two files of a migration that adds a column to users and drops it again. `where` places them: `as merged`, `in pull
 * request 7` (docs/checks/README.md). Nothing: they are of the change.
 */
export function addColumn(version: string, column: 'phone' | 'fax', where?: string): string {
  const placed = where === undefined ? '' : `, ${where}`
  return `-- ${version}_add_${column}.up.sql${placed}
ALTER TABLE users ADD COLUMN ${column} text;
-- ${version}_add_${column}.down.sql${placed}
ALTER TABLE users DROP COLUMN ${column};`
}
