// The sentences with which derived lines say which rows make them fail.

/** `column` with its table, as SQL. */
export const rowsWithNull = (column: string): string => `Rows with NULL in ${column} make the line fail.`

/** `constraint`: its name alone, as SQL. */
export const rowsThatViolate = (constraint: string): string => `Rows that violate ${constraint} make the line fail.`
